import * as tf from '@tensorflow/tfjs-core'
import type { Operations } from '../operations.ts'
import { input } from './kernel.ts'

/** Sum over the axes of `attrs.axis`, all where it is left out. */
export function sum(operations: Operations): tf.KernelFunc {
  return ({ inputs, attrs }) => {
    const x = input(inputs, 'x')
    const axes = operations.ints(tf.util.parseAxisParam(attrs?.axis as number[], x.shape))
    const keeps = attrs?.keepDims === true
    return operations.run('Sum', [x, axes], keeps ? [operations.bool('keep_dims', true)] : [])
  }
}
