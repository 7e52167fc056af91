import type * as tf from '@tensorflow/tfjs-core'
import type { Heap } from '../heap.ts'
import { convGeometry, writeGradientTaps } from './conv-geometry.ts'
import { input } from './kernel.ts'

/** What a block of rows of x and dY may take up: half of a usual 32 KiB first-level cache. */
const blockBytes = 16384

/** Conv2DBackpropFilter: x [B, H, W, Cin], dy [B, h, w, Cout] -> [kh, kw, Cin, Cout]. */
export function convFilterGradient(heap: Heap): tf.KernelFunc {
  return ({ inputs, attrs }) => {
    const x = input(inputs, 'x')
    const dy = input(inputs, 'dy')
    const filterShape = attrs?.filterShape as number[]
    const g = convGeometry('Conv2DBackpropFilter', x.shape, filterShape, attrs)
    const taps = g.kernelHeight * g.kernelWidth
    const rowBytes = 4 * g.outWidth * (g.cin * g.stride + g.cout)
    const dw = heap.allocate(filterShape)
    heap.withScratch(24 * taps, (table) => {
      writeGradientTaps(g, heap.int32(table, 6 * taps))
      heap.simd.filterGradient(
        heap.address(x),
        heap.address(dy),
        heap.address(dw),
        table,
        taps,
        g.batch,
        g.inHeight,
        g.inWidth,
        g.cin,
        g.outHeight,
        g.outWidth,
        g.cout,
        g.stride,
        Math.max(1, Math.floor(blockBytes / rowBytes)),
      )
    })
    return dw
  }
}
