import * as tf from '@tensorflow/tfjs-core'
import { input } from '../../wasm/kernels/kernel.ts'
import type { Compute } from '../compute.ts'
import { argument } from '../onednn/constants.ts'
import type { ConvolutionOperation, Layout, Pair } from '../onednn/dialect.ts'
import type { Operand, Primitive } from '../onednn/primitive.ts'

type Info = tf.backend_util.Conv2DInfo
type Shape4D = [number, number, number, number]

/** [B, H, W, C] in memory, as oneDNN names its sides: [B, C, H, W]. */
function activations(batch: number, channels: number, height: number, width: number): Required<Layout> {
  return {
    sizes: [batch, channels, height, width],
    strides: [height * width * channels, 1, width * channels, channels],
  }
}

/** A filter [kh, kw, I, O] of one group or [kh, kw, C, M] of C groups, as [O, I, kh, kw] or [C, M, 1, kh, kw]. */
function filterLayout(info: Info, groups: number, depthwise: boolean): Required<Layout> {
  const { filterHeight: kh, filterWidth: kw } = info
  const cin = info.inChannels / groups
  const cout = info.outChannels / groups
  if (groups === 1) {
    return { sizes: [cout, cin, kh, kw], strides: [1, cout, kw * cin * cout, cin * cout] }
  }
  // tfjs keeps a grouped filter as [kh, kw, Cin / G, Cout], the groups' outputs one after the other.
  const all = depthwise ? info.outChannels : cin * info.outChannels
  return {
    sizes: [groups, cout, cin, kh, kw],
    strides: [cout, 1, depthwise ? 1 : info.outChannels, kw * all, all],
  }
}

interface Attributes {
  readonly strides: number | [number, number]
  readonly pad: 'valid' | 'same' | number | tf.backend_util.ExplicitPadding
  readonly dataFormat?: string
  readonly dilations?: number | [number, number]
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil'
}

function geometry(
  inputShape: readonly number[],
  filterShape: readonly number[],
  attrs: tf.NamedAttrMap | undefined,
  depthwise: boolean,
): Info {
  const { strides, pad, dataFormat, dilations, dimRoundingMode } = attrs as unknown as Attributes
  if (dataFormat !== undefined && dataFormat !== 'NHWC') throw new Error('convolutions on native need NHWC')
  return tf.backend_util.computeConv2DInfo(
    inputShape as Shape4D,
    filterShape as Shape4D,
    strides,
    dilations ?? 1,
    pad,
    dimRoundingMode,
    depthwise,
  )
}

type Kind = ConvolutionOperation['kind']

/** DNNL_ARG_* and direction of input, filter and output, by what is computed. */
const operandsOf: Record<Kind, readonly (readonly [number, Operand['direction']])[]> = {
  forward: [
    [argument.source, 'in'],
    [argument.weights, 'in'],
    [argument.destination, 'out'],
  ],
  'input-gradient': [
    [argument.sourceGradient, 'out'],
    [argument.weights, 'in'],
    [argument.destinationGradient, 'in'],
  ],
  'filter-gradient': [
    [argument.source, 'in'],
    [argument.weightsGradient, 'out'],
    [argument.destinationGradient, 'in'],
  ],
}

function primitiveOf(compute: Compute, kind: Kind, info: Info, depthwise: boolean): Primitive {
  const { padInfo: p } = info
  const groups = depthwise ? info.inChannels : 1
  const key = [
    kind,
    depthwise,
    info.batchSize,
    info.inHeight,
    info.inWidth,
    info.inChannels,
    info.outHeight,
    info.outWidth,
    info.outChannels,
    info.filterHeight,
    info.filterWidth,
    info.strideHeight,
    info.strideWidth,
    info.dilationHeight,
    info.dilationWidth,
    p.top,
    p.left,
  ].join()
  return compute.convolution(key, () => {
    const layouts = [
      activations(info.batchSize, info.inChannels, info.inHeight, info.inWidth),
      filterLayout(info, groups, depthwise),
      activations(info.batchSize, info.outChannels, info.outHeight, info.outWidth),
    ] as const
    const [x, filter, y] = layouts
    const strides: Pair = [info.strideHeight, info.strideWidth]
    const reach: Pair = [
      info.dilationHeight * (info.filterHeight - 1),
      info.dilationWidth * (info.filterWidth - 1),
    ]
    return {
      operation: {
        kind,
        input: x,
        filter: { sizes: filter.sizes },
        output: y,
        strides,
        dilations: [info.dilationHeight - 1, info.dilationWidth - 1],
        paddingBefore: [p.top, p.left],
        // Not tfjs' own: what this output's size needs, below zero where the last rows are not looked at.
        paddingAfter: [
          (info.outHeight - 1) * strides[0] + reach[0] + 1 - info.inHeight - p.top,
          (info.outWidth - 1) * strides[1] + reach[1] + 1 - info.inWidth - p.left,
        ],
      },
      operands: layouts.map((layout, i): Operand => {
        const [index, direction] = operandsOf[kind][i] ?? [0, 'in']
        return { argument: index, layout, direction }
      }),
    }
  })
}

/** Conv2D: x [B, H, W, Cin], filter [kh, kw, Cin, Cout] -> [B, h, w, Cout]; depthwise: filter [kh, kw, C, M]. */
export function convolution(compute: Compute, depthwise = false): tf.KernelFunc {
  const { heap } = compute.memory
  return ({ inputs, attrs }) => {
    const x = input(inputs, 'x')
    const filter = input(inputs, 'filter')
    const info = geometry(x.shape, filter.shape, attrs, depthwise)
    const y = heap.allocate(info.outShape)
    const primitive = primitiveOf(compute, 'forward', info, depthwise)
    primitive.run([x, filter, y].map((tensor) => compute.memory.address(tensor)))
    return y
  }
}

/** Conv2DBackpropInput: dy [B, h, w, Cout], filter [kh, kw, Cin, Cout] -> [B, H, W, Cin]. */
export function convolutionInputGradient(compute: Compute, depthwise = false): tf.KernelFunc {
  const { heap } = compute.memory
  return ({ inputs, attrs }) => {
    const dy = input(inputs, 'dy')
    const filter = input(inputs, 'filter')
    const inputShape = attrs?.inputShape as number[]
    const info = geometry(inputShape, filter.shape, attrs, depthwise)
    const dx = heap.allocate(inputShape)
    const primitive = primitiveOf(compute, 'input-gradient', info, depthwise)
    primitive.run([dx, filter, dy].map((tensor) => compute.memory.address(tensor)))
    return dx
  }
}

/** Conv2DBackpropFilter: x [B, H, W, Cin], dy [B, h, w, Cout] -> [kh, kw, Cin, Cout]. */
export function convolutionFilterGradient(compute: Compute, depthwise = false): tf.KernelFunc {
  const { heap } = compute.memory
  return ({ inputs, attrs }) => {
    const x = input(inputs, 'x')
    const dy = input(inputs, 'dy')
    const filterShape = attrs?.filterShape as number[]
    const info = geometry(x.shape, filterShape, attrs, depthwise)
    const dw = heap.allocate(filterShape)
    const primitive = primitiveOf(compute, 'filter-gradient', info, depthwise)
    primitive.run([x, dw, dy].map((tensor) => compute.memory.address(tensor)))
    return dw
  }
}
