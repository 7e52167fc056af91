import * as tf from '@tensorflow/tfjs-core'

/** The tensor called `name`, which tfjs promises to be there. */
export function input(inputs: tf.NamedTensorInfoMap | undefined, name: string): tf.TensorInfo {
  const tensor = inputs?.[name]
  if (tensor === undefined) throw new Error(`kernel input '${name}' is missing`)
  return tensor
}

/** Registers `kernelFunc` for tfjs-node's backend, in place of the backend's own where it has one. */
export function registerTensorflowKernel(kernelName: string, kernelFunc: tf.KernelFunc): void {
  if (tf.getKernel(kernelName, 'tensorflow') !== undefined) tf.unregisterKernel(kernelName, 'tensorflow')
  tf.registerKernel({ kernelName, backendName: 'tensorflow', kernelFunc })
}

/** Results of `compute` by `key`: what a kernel works out of its geometry, which repeats from step to step. */
export function memoised<Arguments extends readonly unknown[], Result>(
  key: (...args: Arguments) => string,
  compute: (...args: Arguments) => Result,
): (...args: Arguments) => Result {
  const known = new Map<string, Result>()
  return (...args) => {
    const name = key(...args)
    const found = known.get(name)
    if (found !== undefined) return found
    const result = compute(...args)
    known.set(name, result)
    return result
  }
}
