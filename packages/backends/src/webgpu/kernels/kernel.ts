import * as tf from '@tensorflow/tfjs-core'

/** Registers a kernel that tfjs' WebGPU backend does not have. */
export function registerWebgpuKernel(kernelName: string, kernelFunc: tf.KernelFunc): void {
  tf.registerKernel({ kernelName, backendName: 'webgpu', kernelFunc })
}

/** Registers a kernel made of the backend's own in its place. */
export function replaceWebgpuKernel(
  kernelName: string,
  make: (original: tf.KernelFunc) => tf.KernelFunc,
): void {
  const { kernelFunc } = tf.getKernel(kernelName, 'webgpu')
  tf.unregisterKernel(kernelName, 'webgpu')
  registerWebgpuKernel(kernelName, make(kernelFunc))
}

/** The tensor called `name`, which tfjs promises to be there. */
export function input(inputs: tf.NamedTensorInfoMap | undefined, name: string): tf.TensorInfo {
  const tensor = inputs?.[name]
  if (tensor === undefined) throw new Error(`kernel input '${name}' is missing`)
  return tensor
}
