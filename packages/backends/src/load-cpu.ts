import * as tf from '@tensorflow/tfjs-core'
import type { LoadedBackend } from './backend.ts'

/** Loads tfjs' plain JavaScript backend: the yardstick of the conformance suite, far too slow to train. */
export async function loadCpu(): Promise<LoadedBackend> {
  const { version_cpu } = await import('@tensorflow/tfjs-backend-cpu')
  await tf.setBackend('cpu')
  await tf.ready()
  // Or it advises, on standard error, to install another backend.
  Object.assign(tf.backend(), { firstUse: false })
  return {
    version: version_cpu,
    libraries: { '@tensorflow/tfjs-core': tf.version_core, '@tensorflow/tfjs-backend-cpu': version_cpu },
    threads: 1,
    settings: { threads: 1 },
    deterministic: true,
  }
}
