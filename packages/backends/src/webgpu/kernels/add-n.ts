import type * as tf from '@tensorflow/tfjs-core'
import type { WebgpuBackend } from '../tfjs-webgpu.ts'

/** Inputs that tfjs' kernel can bind beside its output: WebGPU promises eight storage buffers. */
const inputsAtOnce = 7

/** AddN of any number of tensors: the sum of some goes into the next, in their order. */
export function addN(original: tf.KernelFunc): tf.KernelFunc {
  return ({ inputs, ...call }) => {
    const add = (some: readonly tf.TensorInfo[]) =>
      original({ inputs: some as unknown as tf.NamedTensorInfoMap, ...call }) as tf.TensorInfo
    let rest: readonly tf.TensorInfo[] = Object.values(inputs as Record<string, tf.TensorInfo>)
    const partial: tf.TensorInfo[] = []
    while (rest.length > inputsAtOnce) {
      const sum = add(rest.slice(0, inputsAtOnce))
      partial.push(sum)
      rest = [sum, ...rest.slice(inputsAtOnce)]
    }
    const total = add(rest)
    for (const { dataId } of partial) (call.backend as WebgpuBackend).disposeData(dataId)
    return total
  }
}
