import type * as tf from '@tensorflow/tfjs-core'
import type { Heap } from '../heap.ts'
import { type ConvGeometry, convGeometry, writeGradientTaps } from './conv-geometry.ts'
import { input } from './kernel.ts'
import { forEachPhase, phaseTableBytes } from './phases.ts'

function depthwiseGeometry(
  kernelName: string,
  inputShape: number[],
  filterShape: number[],
  attrs: tf.NamedAttrMap | undefined,
): ConvGeometry {
  if (filterShape[3] !== 1) throw new Error(`${kernelName} on wasm needs a channel multiplier of 1`)
  return convGeometry(kernelName, inputShape, filterShape, attrs, true)
}

/** DepthwiseConv2dNativeBackpropInput: dy [B, h, w, C], filter [kh, kw, C, 1] -> [B, H, W, C]. */
export function depthwiseInputGradient(heap: Heap): tf.KernelFunc {
  return ({ inputs, attrs }) => {
    const dy = input(inputs, 'dy')
    const filter = input(inputs, 'filter')
    const inputShape = attrs?.inputShape as number[]
    const g = depthwiseGeometry('DepthwiseConv2dNativeBackpropInput', inputShape, filter.shape, attrs)
    const channels = g.cin
    const dx = heap.allocate(inputShape)
    const weightCount = g.kernelHeight * g.kernelWidth * channels
    heap.withScratch(4 * (channels + weightCount) + phaseTableBytes(g), (zeros) => {
      const weightsAt = zeros + 4 * channels
      heap.float32(zeros, channels).fill(0)
      const weights = heap.float32(weightsAt, weightCount)
      const from = heap.values(filter)
      forEachPhase(heap, g, weightsAt + 4 * weightCount, ({ taps, groups, sources, targets }) => {
        taps.forEach(({ index }, i) => {
          weights.set(from.subarray(index * channels, (index + 1) * channels), i * channels)
        })
        heap.simd.depthwise(
          heap.address(dy),
          heap.address(dx),
          sources,
          targets,
          groups,
          taps.length,
          weightsAt,
          zeros,
          g.batch,
          channels,
          4 * g.outHeight * g.outWidth * channels,
          4 * g.inHeight * g.inWidth * channels,
        )
      })
    })
    return dx
  }
}

/** DepthwiseConv2dNativeBackpropFilter: x [B, H, W, C], dy [B, h, w, C] -> [kh, kw, C, 1]. */
export function depthwiseFilterGradient(heap: Heap): tf.KernelFunc {
  return ({ inputs, attrs }) => {
    const x = input(inputs, 'x')
    const dy = input(inputs, 'dy')
    const filterShape = attrs?.filterShape as number[]
    const g = depthwiseGeometry('DepthwiseConv2dNativeBackpropFilter', x.shape, filterShape, attrs)
    const taps = g.kernelHeight * g.kernelWidth
    const dw = heap.allocate(filterShape)
    heap.withScratch(24 * taps, (table) => {
      writeGradientTaps(g, heap.int32(table, 6 * taps))
      heap.simd.depthwiseFilterGradient(
        heap.address(x),
        heap.address(dy),
        heap.address(dw),
        table,
        taps,
        g.batch,
        g.inHeight,
        g.inWidth,
        g.outHeight,
        g.outWidth,
        g.cin,
        g.stride,
      )
    })
    return dw
  }
}
