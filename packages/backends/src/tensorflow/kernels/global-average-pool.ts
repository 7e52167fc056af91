import type * as tf from '@tensorflow/tfjs-core'
import type { Handle, Operations } from '../operations.ts'
import { input } from './kernel.ts'
import { Scratch } from './scratch.ts'

/** GlobalAveragePool: x [B, H, W, C] -> [B, C]. */
export function globalAveragePool(operations: Operations): tf.KernelFunc {
  return ({ inputs }) => operations.run('Mean', [input(inputs, 'x'), operations.ints([1, 2])])
}

/** GlobalAveragePoolGrad: dy [B, C], {shape: [B, H, W, C]} -> [B, H, W, C], dy's share of each pixel. */
export function globalAveragePoolGradient(operations: Operations): tf.KernelFunc {
  return ({ inputs, attrs }) => {
    const dy = operations.handle(input(inputs, 'dy'))
    const shape = attrs?.shape as number[]
    const [batch = 0, height = 1, width = 1, channels = 0] = shape
    const [share, mapShape, fullShape] = operations.handles([
      operations.floats([1 / (height * width)], []),
      operations.ints([batch, 1, 1, channels]),
      operations.ints(shape),
    ]) as [Handle, Handle, Handle]
    return Scratch.with(operations, (scratch) => {
      const map = scratch.run('Reshape', [scratch.run('Mul', [dy, share]), mapShape])
      return scratch.tensor(scratch.one('BroadcastTo', [map, fullShape]))
    })
  }
}
