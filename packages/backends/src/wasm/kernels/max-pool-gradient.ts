import * as tf from '@tensorflow/tfjs-core'
import type { Heap } from '../heap.ts'
import { input } from './kernel.ts'

/**
 * MaxPoolGrad: dy [B, h, w, C], input [B, H, W, C], output [B, h, w, C] -> [B, H, W, C].
 *
 * Takes the place of the backend's own kernel (tfjs 4.22), which sends gradients to wrong pixels where the
 * window's side is even or there is padding. The first maximum of a window gets it all.
 */
export function maxPoolGradient(heap: Heap): tf.KernelFunc {
  return ({ inputs, attrs }) => {
    const x = input(inputs, 'input')
    const y = input(inputs, 'output')
    const dy = input(inputs, 'dy')
    const { filterSize, strides, pad, dimRoundingMode } = attrs as unknown as tf.MaxPoolGradAttrs
    const shape = x.shape as [number, number, number, number]
    const info = tf.backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode)
    const dx = heap.allocate(x.shape)
    const places = info.filterHeight * info.filterWidth
    const pixels = info.outHeight * info.outWidth
    heap.withScratch(4 * places * pixels, (scratch) => {
      heap.values(dx).fill(0)
      writeSources(info, heap.int32(scratch, places * pixels))
      heap.simd.maxPoolGradient(
        heap.address(x),
        heap.address(y),
        heap.address(dy),
        heap.address(dx),
        scratch,
        pixels,
        places,
        info.batchSize,
        info.inChannels,
        4 * info.inHeight * info.inWidth * info.inChannels,
      )
    })
    return dx
  }
}

function writeSources(info: tf.backend_util.Conv2DInfo, to: Int32Array): void {
  let at = 0
  for (let y = 0; y < info.outHeight; y++) {
    for (let x = 0; x < info.outWidth; x++) {
      for (let ky = 0; ky < info.filterHeight; ky++) {
        for (let kx = 0; kx < info.filterWidth; kx++) {
          const row = y * info.strideHeight - info.padInfo.top + ky
          const column = x * info.strideWidth - info.padInfo.left + kx
          const inside = row >= 0 && row < info.inHeight && column >= 0 && column < info.inWidth
          to[at++] = inside ? 4 * info.inChannels * (row * info.inWidth + column) : -1
        }
      }
    }
  }
}
