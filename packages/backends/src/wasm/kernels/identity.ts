import type * as tf from '@tensorflow/tfjs-core'
import type { Heap } from '../heap.ts'
import { input } from './kernel.ts'

/** Identity: shares the values, as reshape does; tensors are never written to. The backend's own copies them. */
export function identity(heap: Heap): tf.KernelFunc {
  return ({ inputs }) => heap.share(input(inputs, 'x'))
}
