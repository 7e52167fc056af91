import type * as tf from '@tensorflow/tfjs-core'
import type { Heap } from '../heap.ts'
import { type ConvGeometry, convGeometry, writeGradientTaps } from './conv-geometry.ts'
import { input } from './kernel.ts'

/** What a block of rows of x and dY may take up: half of a usual 32 KiB first-level cache. */
const blockBytes = 16384
/** Pixels that a block has at least: below that, moving tiles of the filter in and out costs more than a miss. */
const blockPixels = 64

/** Images and rows that are worked on together: rows of one image, or whole images where they are small. */
export function blockSize(g: ConvGeometry): { images: number; rows: number } {
  const rowBytes = 4 * g.outWidth * (g.cin * g.stride + g.cout)
  const rows = Math.max(1, Math.floor(blockBytes / rowBytes), Math.ceil(blockPixels / g.outWidth))
  const images = rows < g.outHeight ? 1 : Math.ceil(blockPixels / (g.outHeight * g.outWidth))
  return { images, rows: Math.min(rows, g.outHeight) }
}

/** Conv2DBackpropFilter: x [B, H, W, Cin], dy [B, h, w, Cout] -> [kh, kw, Cin, Cout]. */
export function convFilterGradient(heap: Heap): tf.KernelFunc {
  return ({ inputs, attrs }) => {
    const x = input(inputs, 'x')
    const dy = input(inputs, 'dy')
    const filterShape = attrs?.filterShape as number[]
    const g = convGeometry('Conv2DBackpropFilter', x.shape, filterShape, attrs)
    const taps = g.kernelHeight * g.kernelWidth
    const { images, rows } = blockSize(g)
    const dw = heap.allocate(filterShape)
    heap.withScratch(24 * taps, (table) => {
      heap.values(dw).fill(0)
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
        images,
        rows,
        4 * g.cin,
        4 * g.cout,
      )
    })
    return dw
  }
}
