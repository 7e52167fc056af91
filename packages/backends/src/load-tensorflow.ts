import util from 'node:util'
import * as tf from '@tensorflow/tfjs-core'
import type { LoadedBackend } from './backend.ts'
import { findGpu } from './find-gpu.ts'
import { completeTensorflow } from './tensorflow/complete.ts'

/** The little of @tensorflow/tfjs-node(-gpu) that is used here; the packages may not be installed. */
interface TfjsNodePackage {
  readonly version: Readonly<Record<string, string>>
}
interface TfjsNodeBackend {
  readonly isUsingGpuDevice?: unknown
  readonly binding?: { readonly TF_Version?: unknown }
}

/**
 * tfjs-node 4.22 calls `util.isNullOrUndefined` and `util.isArray`, which Node 23 removed. Putting the two
 * back is enough: it looks them up on the module object at each call.
 */
export function restoreRemovedUtilities(target: object = util): void {
  const missing: Record<string, (value: unknown) => boolean> = {
    isNullOrUndefined: (value) => value === null || value === undefined,
    isArray: Array.isArray,
  }
  for (const [name, test] of Object.entries(missing)) {
    if (!(name in target)) Object.defineProperty(target, name, { value: test, configurable: true })
  }
}

/**
 * tfjs-node brings tfjs' own table of derivatives along and would put it over the project's, which are the
 * ones that are tested: those that were registered before `load` are registered again after it.
 */
async function keepingGradients<T>(load: () => Promise<T>): Promise<T> {
  const kernelNames = Object.values<unknown>(tf).filter((value) => typeof value === 'string')
  const before = kernelNames.map((name) => tf.getGradient(name)).filter((gradient) => gradient !== undefined)
  const loaded = await load()
  for (const gradient of before) tf.registerGradient(gradient)
  return loaded
}

/**
 * Loads libtensorflow through `packageName`.
 *
 * @throws Error where the package, its native library or (for the GPU package) the GPU is missing
 */
export async function loadTensorflow(
  packageName: '@tensorflow/tfjs-node' | '@tensorflow/tfjs-node-gpu',
): Promise<LoadedBackend> {
  restoreRemovedUtilities()
  const library = await keepingGradients(async () => (await import(packageName)) as TfjsNodePackage)
  if (!(await tf.setBackend('tensorflow'))) throw new Error('libtensorflow did not start')
  await tf.ready()
  completeTensorflow()
  const backend = tf.backend() as unknown as TfjsNodeBackend
  const wantsGpu = packageName.endsWith('-gpu')
  if (wantsGpu && backend.isUsingGpuDevice !== true) {
    // Makes room for @tensorflow/tfjs-node, which registers itself under the same name.
    tf.removeBackend('tensorflow')
    throw new Error('the package loads but TensorFlow found no usable GPU (driver, CUDA 11.2 and cuDNN 8.1)')
  }
  const gpu = wantsGpu ? findGpu() : undefined
  const version = library.version['tfjs-node'] ?? tf.version_core
  return {
    version,
    libraries: {
      '@tensorflow/tfjs-core': tf.version_core,
      [packageName]: version,
      libtensorflow: String(backend.binding?.TF_Version ?? 'unknown'),
      ...(gpu?.driver === undefined ? {} : { 'nvidia-driver': gpu.driver }),
    },
    threads: 0,
    ...(gpu === undefined ? {} : { gpu: gpu.name }),
  }
}
