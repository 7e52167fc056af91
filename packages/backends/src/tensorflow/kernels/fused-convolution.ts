import type * as tf from '@tensorflow/tfjs-core'
import type { Operations } from '../operations.ts'
import { type Convolution, convolution } from './convolution.ts'
import { input } from './kernel.ts'

/**
 * FusedConv2D and FusedDepthwiseConv2D: convolution, then bias [Cout] and ReLU where they are asked for.
 *
 * @throws Error for activations that no network here uses
 */
export function fusedConvolution(operations: Operations, name: Convolution): tf.KernelFunc {
  const run = convolution(operations, name)
  return (call) => {
    const activation = call.attrs?.activation ?? 'linear'
    if (activation !== 'linear' && activation !== 'relu') {
      throw new Error(`fused ${name} on tensorflow knows linear and relu, not ${activation}`)
    }
    let y = run(call) as tf.Tensor
    const follow = (next: tf.Tensor) => {
      y.dispose()
      y = next
    }
    if (call.inputs.bias) follow(operations.run('BiasAdd', [y, input(call.inputs, 'bias')]))
    if (activation === 'relu') follow(operations.run('Relu', [y]))
    return y
  }
}
