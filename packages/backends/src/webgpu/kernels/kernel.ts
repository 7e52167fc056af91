import * as tf from '@tensorflow/tfjs-core'

/** Registers a kernel for the webgpu backend, made of the backend's own where it has one. */
export function replaceKernel(kernelName: string, make: (original: tf.KernelFunc) => tf.KernelFunc): void {
  const original = tf.getKernel(kernelName, 'webgpu')
  if (original) tf.unregisterKernel(kernelName, 'webgpu')
  const missing = () => {
    throw new Error(`tfjs has no ${kernelName} for webgpu`)
  }
  tf.registerKernel({
    kernelName,
    backendName: 'webgpu',
    kernelFunc: make(original?.kernelFunc ?? missing),
  })
}

/** The tensor called `name`, which tfjs promises to be there. */
export function input(inputs: tf.NamedTensorInfoMap | undefined, name: string): tf.TensorInfo {
  const tensor = inputs?.[name]
  if (tensor === undefined) throw new Error(`kernel input '${name}' is missing`)
  return tensor
}
