import type * as tf from '@tensorflow/tfjs-core'
import type { Operations } from '../operations.ts'
import { input } from './kernel.ts'

/** BatchMatMul: a [..., m, k], b [..., k, n] (either may be stored transposed) -> [..., m, n]. */
export function matMul(operations: Operations): tf.KernelFunc {
  return ({ inputs, attrs }) => {
    const [a, b] = [input(inputs, 'a'), input(inputs, 'b')]
    const plain = a.shape.length === 2 && b.shape.length === 2
    const [left, right] = plain ? ['transpose_a', 'transpose_b'] : ['adj_x', 'adj_y']
    const attributes = [
      ...(attrs?.transposeA === true ? [operations.bool(left, true)] : []),
      ...(attrs?.transposeB === true ? [operations.bool(right, true)] : []),
    ]
    return operations.run(plain ? 'MatMul' : 'BatchMatMulV2', [a, b], attributes)
  }
}
