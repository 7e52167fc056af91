import * as tf from '@tensorflow/tfjs-core'
import { type AdapterFacts, adapterFacts, openDevice } from './adapter.ts'
import { completeWebgpu } from './complete.ts'
import { type Remedies, watchDevice } from './faults.ts'
import type { Gpu, TfjsWebgpuModule } from './tfjs-webgpu.ts'

/**
 * Makes tfjs' WebGPU backend over the GPU's fastest adapter the current one, complete for training.
 *
 * @param load brings tfjs' own backend; not called where there is no adapter
 * @param remedies what an error of the device tells its reader to do
 * @returns what it computes with; undefined where no driver offers anything
 */
export async function startWebgpu(
  gpu: Gpu,
  load: () => TfjsWebgpuModule | Promise<TfjsWebgpuModule>,
  remedies: Remedies,
): Promise<AdapterFacts | undefined> {
  const found = await openDevice(gpu)
  if (found === undefined) return undefined
  const { WebGPUBackend } = await load()
  const backend = new WebGPUBackend(found.device, found.info)
  tf.removeBackend('webgpu')
  tf.registerBackend('webgpu', () => backend)
  watchDevice(backend, remedies)
  await tf.setBackend('webgpu')
  completeWebgpu(backend)
  return adapterFacts(found.info)
}
