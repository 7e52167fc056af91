import * as tf from '@tensorflow/tfjs-core'
import type { Heap } from '../heap.ts'
import { input } from './kernel.ts'

/** ReluGrad: dy and the ReLU's output y, of one shape -> dy where y is above zero, else 0. */
export function reluGradient(heap: Heap): tf.KernelFunc {
  return ({ inputs }) => {
    const dy = input(inputs, 'dy')
    const y = input(inputs, 'y')
    const dx = heap.allocate(y.shape)
    heap.simd.reluGradient(
      heap.address(dy),
      heap.address(y),
      heap.address(dx),
      tf.util.sizeFromShape(y.shape),
    )
    return dx
  }
}
