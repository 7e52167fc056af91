import type * as tf from '@tensorflow/tfjs-core'
import type { Heap } from '../heap.ts'
import { type ConvGeometry, convGeometry } from './conv-geometry.ts'
import { input } from './kernel.ts'

/**
 * Conv2DBackpropInput: dy [B, h, w, Cout], filter [kh, kw, Cin, Cout] -> [B, H, W, Cin].
 *
 * With stride 1 the gradient is a convolution of dY with the rotated filter, which tfjs' own kernel (XNNPACK)
 * computes fastest. With stride s it falls into s x s interleaved grids of pixels, each of which is a plain
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

interface Tap {
  /** Row and column of dY, relative to the grid's own row and column. */
  readonly dy: number
  readonly dx: number
  /** Index of the tap's matrix in the filter. */
  readonly index: number
}

/** Taps that reach input pixels (y * s + phaseY, x * s + phaseX) of the grid. */
function tapsOfPhase(g: ConvGeometry, phaseY: number, phaseX: number): Tap[] {
  const taps: Tap[] = []
  for (let ky = 0; ky < g.kernelHeight; ky++) {
    for (let kx = 0; kx < g.kernelWidth; kx++) {
      const dy = (phaseY + g.padTop - ky) / g.stride
      const dx = (phaseX + g.padLeft - kx) / g.stride
      if (Number.isInteger(dy) && Number.isInteger(dx)) taps.push({ dy, dx, index: ky * g.kernelWidth + kx })
    }
  }
  return taps
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

function interleaved(heap: Heap, dy: tf.TensorInfo, filter: tf.TensorInfo, g: ConvGeometry): tf.TensorInfo {
  const dx = heap.allocate([g.batch, g.inHeight, g.inWidth, g.cin])
  const tapCount = g.kernelHeight * g.kernelWidth
  const pixelBytes = 4 * g.cin
  // Scratch: the taps, a pixel of zeros for what lies outside, the packed filter.
  const zerosAt = 8 * tapCount
  const weightsAt = zerosAt + 4 * g.cout
  heap.withScratch(weightsAt + 4 * tapCount * g.cin * g.cout, (scratch) => {
    const source = heap.values(filter)
    heap.float32(scratch + zerosAt, g.cout).fill(0)
    const weights = heap.float32(scratch + weightsAt, tapCount * g.cin * g.cout)
    const table = heap.int32(scratch, 2 * tapCount)
    for (let phaseY = 0; phaseY < Math.min(g.stride, g.inHeight); phaseY++) {
      for (let phaseX = 0; phaseX < Math.min(g.stride, g.inWidth); phaseX++) {
        const taps = tapsOfPhase(g, phaseY, phaseX)
        taps.forEach((tap, i) => {
          table[2 * i] = tap.dy
          table[2 * i + 1] = tap.dx
        })
        packTransposed(source, taps, g, weights)
        heap.simd.convolve(
          heap.address(dy),
          heap.address(dx) + phaseY * g.inWidth * pixelBytes + phaseX * pixelBytes,
          scratch,
          taps.length,
          scratch + weightsAt,
          scratch + zerosAt,
          g.batch,
          g.outHeight,
          g.outWidth,
          g.cout,
          Math.ceil((g.inHeight - phaseY) / g.stride),
          Math.ceil((g.inWidth - phaseX) / g.stride),
          g.cin,
          1,
          g.inHeight * g.inWidth * pixelBytes,
          g.stride * g.inWidth * pixelBytes,
          g.stride * pixelBytes,
        )
      }
    }
  })
  return dx
}
