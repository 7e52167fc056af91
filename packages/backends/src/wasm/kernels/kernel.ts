import * as tf from '@tensorflow/tfjs-core'

export type Inputs = Readonly<Record<string, tf.TensorInfo>>

/** The tensor called `name`, which tfjs promises to be there. */
export function input(inputs: tf.NamedTensorInfoMap | undefined, name: string): tf.TensorInfo {
  const tensor = inputs?.[name]
  if (tensor === undefined) throw new Error(`kernel input '${name}' is missing`)
  return tensor
}

/** Registers `kernelFunc` for the wasm backend, in place of the backend's own where it has one. */
export function registerWasmKernel(kernelName: string, kernelFunc: tf.KernelFunc): void {
  if (tf.getKernel(kernelName, 'wasm') !== undefined) tf.unregisterKernel(kernelName, 'wasm')
  tf.registerKernel({ kernelName, backendName: 'wasm', kernelFunc })
}
