import type * as tf from '@tensorflow/tfjs-core'
import type { Operations } from '../operations.ts'
import { input } from './kernel.ts'

/** ReluGrad: dy and the ReLU's output y, of one shape -> dy where y is above zero, else 0. */
export function reluGradient(operations: Operations): tf.KernelFunc {
  return ({ inputs }) => operations.run('ReluGrad', [input(inputs, 'dy'), input(inputs, 'y')])
}
