import type * as tf from '@tensorflow/tfjs-core'
import type { Heap } from '../heap.ts'
import { type ConvGeometry, convGeometry } from './conv-geometry.ts'
import { input } from './kernel.ts'
import { forEachPhase, phaseTableBytes, type Tap } from './phases.ts'

/**
 * Conv2DBackpropInput: dy [B, h, w, Cout], filter [kh, kw, Cin, Cout] -> [B, H, W, Cin].
 *
 * With stride 1 the gradient is a convolution of dY with the rotated filter, computed by `conv2d`. With stride s it falls into s x s interleaved grids of pixels, each of which is a plain
 * convolution of dY with the taps that reach it: no zeros are multiplied, as a dilated dY would make them.
 */
export function convInputGradient(heap: Heap, conv2d: tf.KernelFunc): tf.KernelFunc {
  return ({ inputs, attrs, backend }) => {
    const dy = input(inputs, 'dy')
    const filter = input(inputs, 'filter')
    const g = convGeometry('Conv2DBackpropInput', attrs?.inputShape as number[], filter.shape, attrs)
    const padTop = g.kernelHeight - 1 - g.padTop
    const padLeft = g.kernelWidth - 1 - g.padLeft
    const padBottom = g.inHeight - g.outHeight + g.padTop
    const padRight = g.inWidth - g.outWidth + g.padLeft
    const plain = g.stride === 1 && Math.min(padTop, padLeft, padBottom, padRight) >= 0
    if (!plain) return interleaved(heap, dy, filter, g)
    const rotated = rotate(heap, filter, g)
    const pad = [
      [0, 0],
      [padTop, padBottom],
      [padLeft, padRight],
      [0, 0],
    ]
    const common = { strides: 1, dilations: 1, dataFormat: 'NHWC' }
    const dx = conv2d({ inputs: { x: dy, filter: rotated }, backend, attrs: { ...common, pad } })
    heap.free(rotated)
    return dx
  }
}

/** [kh, kw, Cin, Cout] turned by half a turn, channels exchanged: [kh, kw, Cout, Cin]. */
function rotate(heap: Heap, filter: tf.TensorInfo, g: ConvGeometry): tf.TensorInfo {
  const rotated = heap.allocate([g.kernelHeight, g.kernelWidth, g.cout, g.cin])
  const from = heap.values(filter)
  const to = heap.values(rotated)
  const taps = g.kernelHeight * g.kernelWidth
  for (let tap = 0; tap < taps; tap++) {
    const source = tap * g.cin * g.cout
    const target = (taps - 1 - tap) * g.cin * g.cout
    for (let ci = 0; ci < g.cin; ci++) {
      for (let co = 0; co < g.cout; co++) to[target + co * g.cin + ci] = from[source + ci * g.cout + co] ?? 0
    }
  }
  return rotated
}

/** Packs transposed matrices of the taps as `convolve` reads them: strips of 8, 4, then 1 input channels. */
function packTransposed(filter: Float32Array, taps: readonly Tap[], g: ConvGeometry, to: Float32Array): void {
  let at = 0
  for (let ci = 0; ci < g.cin; ) {
    const width = g.cin - ci >= 8 ? 8 : g.cin - ci >= 4 ? 4 : 1
    for (const { index } of taps) {
      const matrix = index * g.cin * g.cout
      for (let co = 0; co < g.cout; co++) {
        for (let q = 0; q < width; q++) to[at++] = filter[matrix + (ci + q) * g.cout + co] ?? 0
      }
    }
    ci += width
  }
}

/** The gradient as stride x stride interleaved convolutions of dY. */
function interleaved(heap: Heap, dy: tf.TensorInfo, filter: tf.TensorInfo, g: ConvGeometry): tf.TensorInfo {
  const dx = heap.allocate([g.batch, g.inHeight, g.inWidth, g.cin])
  const weightCount = g.kernelHeight * g.kernelWidth * g.cin * g.cout
  heap.withScratch(4 * (g.cout + weightCount) + phaseTableBytes(g), (zeros) => {
    const weightsAt = zeros + 4 * g.cout
    heap.float32(zeros, g.cout).fill(0)
    const weights = heap.float32(weightsAt, weightCount)
    forEachPhase(heap, g, weightsAt + 4 * weightCount, ({ taps, groups, sources, targets }) => {
      packTransposed(heap.values(filter), taps, g, weights)
      heap.simd.convolve(
        heap.address(dy),
        heap.address(dx),
        sources,
        targets,
        groups,
        taps.length,
        weightsAt,
        zeros,
        g.batch,
        g.cout,
        g.cin,
        4 * g.outHeight * g.outWidth * g.cout,
        4 * g.inHeight * g.inWidth * g.cin,
      )
    })
  })
  return dx
}
