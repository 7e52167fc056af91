import type * as tf from '@tensorflow/tfjs-core'
import type { Heap } from '../heap.ts'
import { groupPixels } from '../simd/convolution.ts'
import { blockSize, convFilterGradient } from './conv-filter-gradient.ts'
import { type ConvGeometry, writeGradientTaps } from './conv-geometry.ts'
import { convInputGradient } from './conv-input-gradient.ts'
import { groupByGroup } from './group-by-group.ts'
import { type GroupedGeometry, groupedGeometry } from './grouped-geometry.ts'
import { input } from './kernel.ts'
import { forEachPhase, phaseTableBytes } from './phases.ts'

/**
 * From so many channels of input and output a group on, the dense kernels on one group after the other are faster,
 * copies included: neighbouring channels fill cache lines by themselves, and strides of many kilobytes between pixels
 * are bad for the cache. Narrower groups are computed in place.
 */
const wideChannels = 16

/** What a block of pixels of all channels may take up while every group passes over it: it stays in the cache. */
const blockBytes = 32768

/** Channels of one group, and bytes of an image, of what `convolve` reads and of what it writes. */
interface Side {
  readonly address: number
  readonly channels: number
  readonly imageBytes: number
}

/** Addresses of the tables that `convolve` goes by, and their sizes. */
interface Tables {
  readonly tapCount: number
  readonly pixelGroups: number
  readonly sources: number
  readonly targets: number
}

/** Runs `convolve` for every group: block of pixels after block, so that groups that share cache lines share them. */
function convolveGroups(
  heap: Heap,
  g: GroupedGeometry,
  { tapCount, pixelGroups, sources, targets }: Tables,
  at: { from: Side; to: Side; weights: number; zeros: number },
): void {
  const { from, to } = at
  const pixelBytes = 4 * groupPixels * (from.channels + to.channels) * g.groups
  const block = Math.max(1, Math.floor(blockBytes / pixelBytes))
  const weightBytes = 4 * tapCount * from.channels * to.channels
  for (let image = 0; image < g.batch; image++) {
    for (let first = 0; first < pixelGroups; first += block) {
      for (let group = 0; group < g.groups; group++) {
        heap.simd.convolve(
          from.address + image * from.imageBytes + 4 * group * from.channels,
          to.address + image * to.imageBytes + 4 * group * to.channels,
          sources + 4 * groupPixels * tapCount * first,
          targets + 4 * groupPixels * first,
          Math.min(block, pixelGroups - first),
          tapCount,
          at.weights + group * weightBytes,
          at.zeros,
          1,
          from.channels,
          to.channels,
          from.imageBytes,
          to.imageBytes,
        )
      }
    }
  }
}

/** Packs matrices of taps as `convolve` reads them: for each group strips of 8, 4, then 1 output channels. */
function packWeights(
  at: (tap: number, from: number, to: number, group: number) => number,
  sizes: { taps: number; from: number; to: number; groups: number },
  packed: Float32Array,
): void {
  let next = 0
  for (let group = 0; group < sizes.groups; group++) {
    for (let channel = 0; channel < sizes.to; ) {
      const left = sizes.to - channel
      const width = left >= 8 ? 8 : left >= 4 ? 4 : 1
      for (let tap = 0; tap < sizes.taps; tap++) {
        for (let from = 0; from < sizes.from; from++) {
          for (let q = 0; q < width; q++) packed[next++] = at(tap, from, channel + q, group)
        }
      }
      channel += width
    }
  }
}

/** Tables of the forward pass: where the taps of each output pixel read x, and where it stands in y. */
function writeForwardTables(g: ConvGeometry, sources: Int32Array, targets: Int32Array): void {
  const taps = g.kernelHeight * g.kernelWidth
  for (let i = 0; i < targets.length; i++) {
    const pixel = Math.min(i, g.outHeight * g.outWidth - 1)
    const top = Math.floor(pixel / g.outWidth) * g.stride - g.padTop
    const left = (pixel % g.outWidth) * g.stride - g.padLeft
    targets[i] = 4 * g.cout * pixel
    for (let tap = 0; tap < taps; tap++) {
      const y = top + Math.floor(tap / g.kernelWidth)
      const x = left + (tap % g.kernelWidth)
      const inside = y >= 0 && y < g.inHeight && x >= 0 && x < g.inWidth
      const at = (Math.floor(i / groupPixels) * taps + tap) * groupPixels + (i % groupPixels)
      sources[at] = inside ? 4 * g.cin * (y * g.inWidth + x) : -1
    }
  }
}

function isWide(g: GroupedGeometry): boolean {
  return Math.min(g.groupCin, g.groupCout) >= wideChannels
}

function denseAttributes(attrs: tf.NamedAttrMap | undefined) {
  return { strides: attrs?.strides ?? 1, pad: attrs?.pad ?? 0, dilations: 1, dataFormat: 'NHWC' }
}

/** GroupedConv2D: x [B, H, W, C], filter [kh, kw, C / groups, F] -> [B, h, w, F]. */
export function groupedConv(heap: Heap, conv2d: tf.KernelFunc): tf.KernelFunc {
  return ({ inputs, attrs, backend }) => {
    const x = input(inputs, 'x')
    const filter = input(inputs, 'filter')
    const g = groupedGeometry('GroupedConv2D', x.shape, filter.shape, attrs)
    const outShape = [g.batch, g.outHeight, g.outWidth, g.cout]
    if (isWide(g)) {
      return groupByGroup(
        heap,
        g.groups,
        { x, filter },
        outShape,
        (parts) => conv2d({ inputs: parts, backend, attrs: denseAttributes(attrs) }) as tf.TensorInfo,
      )
    }
    const taps = g.kernelHeight * g.kernelWidth
    const weightCount = taps * g.groupCin * g.cout
    const pixels = Math.ceil((g.outHeight * g.outWidth) / groupPixels) * groupPixels
    const y = heap.allocate(outShape)
    heap.withScratch(4 * (g.groupCin + weightCount + pixels * (1 + taps)), (zeros) => {
      const weights = zeros + 4 * g.groupCin
      const targets = weights + 4 * weightCount
      const sources = targets + 4 * pixels
      heap.float32(zeros, g.groupCin).fill(0)
      const values = heap.values(filter)
      packWeights(
        (tap, from, to, group) => values[(tap * g.groupCin + from) * g.cout + group * g.groupCout + to] ?? 0,
        { taps, from: g.groupCin, to: g.groupCout, groups: g.groups },
        heap.float32(weights, weightCount),
      )
      writeForwardTables(g, heap.int32(sources, pixels * taps), heap.int32(targets, pixels))
      const tables = { tapCount: taps, pixelGroups: pixels / groupPixels, sources, targets }
      convolveGroups(heap, g, tables, {
        from: {
          address: heap.address(x),
          channels: g.groupCin,
          imageBytes: 4 * g.inHeight * g.inWidth * g.cin,
        },
        to: {
          address: heap.address(y),
          channels: g.groupCout,
          imageBytes: 4 * g.outHeight * g.outWidth * g.cout,
        },
        weights,
        zeros,
      })
    })
    return y
  }
}

/** GroupedConv2DBackpropInput: dy [B, h, w, F], filter [kh, kw, C / groups, F] -> [B, H, W, C]. */
export function groupedConvInputGradient(heap: Heap, conv2d: tf.KernelFunc): tf.KernelFunc {
  const dense = convInputGradient(heap, conv2d)
  return ({ inputs, attrs, backend }) => {
    const dy = input(inputs, 'dy')
    const filter = input(inputs, 'filter')
    const inputShape = attrs?.inputShape as number[]
    const g = groupedGeometry('GroupedConv2DBackpropInput', inputShape, filter.shape, attrs)
    if (isWide(g)) {
      const partShape = [g.batch, g.inHeight, g.inWidth, g.groupCin]
      const partAttrs = { ...denseAttributes(attrs), inputShape: partShape }
      return groupByGroup(
        heap,
        g.groups,
        { dy, filter },
        inputShape,
        (parts) => dense({ inputs: parts, backend, attrs: partAttrs }) as tf.TensorInfo,
      )
    }
    const weightCount = g.kernelHeight * g.kernelWidth * g.groupCin * g.cout
    const dx = heap.allocate(inputShape)
    heap.withScratch(4 * (g.groupCout + weightCount) + phaseTableBytes(g), (zeros) => {
      const weights = zeros + 4 * g.groupCout
      heap.float32(zeros, g.groupCout).fill(0)
      forEachPhase(heap, g, weights + 4 * weightCount, ({ taps, groups, sources, targets }) => {
        const values = heap.values(filter)
        packWeights(
          (tap, from, to, group) => {
            const index = taps[tap]?.index ?? 0
            return values[(index * g.groupCin + to) * g.cout + group * g.groupCout + from] ?? 0
          },
          { taps: taps.length, from: g.groupCout, to: g.groupCin, groups: g.groups },
          heap.float32(weights, weightCount),
        )
        const tables = { tapCount: taps.length, pixelGroups: groups, sources, targets }
        convolveGroups(heap, g, tables, {
          from: {
            address: heap.address(dy),
            channels: g.groupCout,
            imageBytes: 4 * g.outHeight * g.outWidth * g.cout,
          },
          to: {
            address: heap.address(dx),
            channels: g.groupCin,
            imageBytes: 4 * g.inHeight * g.inWidth * g.cin,
          },
          weights,
          zeros,
        })
      })
    })
    return dx
  }
}

/** GroupedConv2DBackpropFilter: x [B, H, W, C], dy [B, h, w, F] -> [kh, kw, C / groups, F]. */
export function groupedConvFilterGradient(heap: Heap): tf.KernelFunc {
  const dense = convFilterGradient(heap)
  return ({ inputs, attrs, backend }) => {
    const x = input(inputs, 'x')
    const dy = input(inputs, 'dy')
    const filterShape = attrs?.filterShape as number[]
    const g = groupedGeometry('GroupedConv2DBackpropFilter', x.shape, filterShape, attrs)
    if (isWide(g)) {
      const partShape = [g.kernelHeight, g.kernelWidth, g.groupCin, g.groupCout]
      const partAttrs = { ...denseAttributes(attrs), filterShape: partShape }
      return groupByGroup(
        heap,
        g.groups,
        { x, dy },
        filterShape,
        (parts) => dense({ inputs: parts, backend, attrs: partAttrs }) as tf.TensorInfo,
      )
    }
    const taps = g.kernelHeight * g.kernelWidth
    const { rows } = blockSize({ ...g, cin: g.groupCin, cout: g.groupCout })
    const dw = heap.allocate(filterShape)
    heap.withScratch(24 * taps, (table) => {
      heap.values(dw).fill(0)
      writeGradientTaps(g, heap.int32(table, 6 * taps))
      for (let image = 0; image < g.batch; image++) {
        for (let group = 0; group < g.groups; group++) {
          heap.simd.filterGradient(
            heap.address(x) + 4 * (image * g.inHeight * g.inWidth * g.cin + group * g.groupCin),
            heap.address(dy) + 4 * (image * g.outHeight * g.outWidth * g.cout + group * g.groupCout),
            heap.address(dw) + 4 * group * g.groupCout,
            table,
            taps,
            1,
            g.inHeight,
            g.inWidth,
            g.groupCin,
            g.outHeight,
            g.outWidth,
            g.groupCout,
            g.stride,
            1,
            rows,
            4 * g.cin,
            4 * g.cout,
          )
        }
      }
    })
    return dw
  }
}
