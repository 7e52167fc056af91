import { createRequire } from 'node:module'

/** Not among the dependencies: it fetches a library when it is installed, and only a machine with a GPU has a use for it. */
const gpuPackage = '@tensorflow/tfjs-node-gpu'

/** Whether TensorFlow for GPUs is installed here; it is not loaded, so this says nothing of a GPU. */
export function hasGpuPackage(
  resolve: (name: string) => string = createRequire(import.meta.url).resolve,
): boolean {
  try {
    resolve(gpuPackage)
    return true
  } catch {
    return false
  }
}
