import * as tf from '@tensorflow/tfjs-core'
import type { ConvolutionOperation, Layout, Pair } from '../onednn/dialect.ts'

/** Convolutions as kernels know them, by what their filters are: [kh, kw, Cin, Cout], [kh, kw, C, M] or [kh, kw, Cin / G, Cout]. */
export type Family = 'plain' | 'depthwise' | 'grouped'

/** Sizes of a convolution of any family. */
export interface ConvolutionGeometry {
  readonly info: tf.backend_util.Conv2DInfo
  readonly groups: number
  readonly family: Family
}

interface Attributes {
  readonly strides: number | [number, number]
  readonly pad: 'valid' | 'same' | number | tf.backend_util.ExplicitPadding
  readonly dataFormat?: string
  readonly dilations?: number | [number, number]
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil'
  readonly groups?: number
}

type Shape4D = [number, number, number, number]

/** @throws Error where the groups do not divide the channels, or the layout is not NHWC */
export function convolutionGeometry(
  family: Family,
  inputShape: readonly number[],
  filterShape: readonly number[],
  attrs: tf.NamedAttrMap | undefined,
): ConvolutionGeometry {
  const asked = attrs as unknown as Attributes
  if (asked.dataFormat !== undefined && asked.dataFormat !== 'NHWC') {
    throw new Error('a convolution on native needs NHWC')
  }
  const [kernelHeight = 0, kernelWidth = 0, filterIn = 0, filterOut = 0] = filterShape
  const channels = inputShape[3] ?? 0
  const groups = family === 'plain' ? 1 : family === 'depthwise' ? channels : (asked.groups ?? 1)
  if (family === 'grouped' && (filterIn * groups !== channels || filterOut % groups !== 0)) {
    throw new Error(`${groups} groups of ${filterIn} do not fit ${channels} -> ${filterOut} channels`)
  }
  const info = tf.backend_util.computeConv2DInfo(
    inputShape as Shape4D,
    [kernelHeight, kernelWidth, family === 'grouped' ? channels : filterIn, filterOut],
    asked.strides,
    asked.dilations ?? 1,
    asked.pad,
    asked.dimRoundingMode,
    family === 'depthwise',
  )
  return { info, groups, family }
}

/** Names everything that a primitive depends on. */
export function keyOf(
  kind: ConvolutionOperation['kind'],
  { info, groups, family }: ConvolutionGeometry,
): string {
  const { padInfo } = info
  return [
    kind,
    family,
    groups,
    ...info.inShape,
    ...info.outShape,
    info.filterHeight,
    info.filterWidth,
    info.strideHeight,
    info.strideWidth,
    info.dilationHeight,
    info.dilationWidth,
    padInfo.top,
    padInfo.left,
  ].join()
}

/** How the tensors of a convolution lie in tfjs' memory, in oneDNN's order of sides. */
export interface ConvolutionLayouts {
  readonly input: Required<Layout>
  readonly filter: Required<Layout>
  readonly output: Required<Layout>
}

export function layoutsOf(geometry: ConvolutionGeometry): ConvolutionLayouts {
  const { info } = geometry
  return {
    input: activations(info.batchSize, info.inChannels, info.inHeight, info.inWidth),
    filter: filterLayout(geometry),
    output: activations(info.batchSize, info.outChannels, info.outHeight, info.outWidth),
  }
}

/** [B, H, W, C] in memory, [B, C, H, W] to oneDNN. */
export function activations(
  batch: number,
  channels: number,
  height: number,
  width: number,
): Required<Layout> {
  return {
    sizes: [batch, channels, height, width],
    strides: [height * width * channels, 1, width * channels, channels],
  }
}

/** [O, I, kh, kw] to oneDNN, [G, O, I, kh, kw] in groups. */
function filterLayout({ info, groups, family }: ConvolutionGeometry): Required<Layout> {
  const { filterHeight: height, filterWidth: width } = info
  const cin = info.inChannels / groups
  const cout = info.outChannels / groups
  // One row of the filter's third side: outputs of all groups, or in depthwise filters of one.
  const row = family === 'depthwise' ? cout : info.outChannels
  const tap = family === 'depthwise' ? info.outChannels : cin * row
  const sizes = [cout, cin, height, width]
  const strides = [1, row, width * tap, tap]
  return groups === 1 ? { sizes, strides } : { sizes: [groups, ...sizes], strides: [cout, ...strides] }
}

/**
 * Rows and columns of zeros after the image that this output's size needs: not always tfjs' own, and below zero where the last
 * rows are not looked at.
 */
export function paddingAfter(info: tf.backend_util.Conv2DInfo): Pair {
  const { effectiveFilterHeight, effectiveFilterWidth, padInfo } = info
  return [
    (info.outHeight - 1) * info.strideHeight + effectiveFilterHeight - info.inHeight - padInfo.top,
    (info.outWidth - 1) * info.strideWidth + effectiveFilterWidth - info.inWidth - padInfo.left,
  ]
}

/** The operation on these layouts; oneDNN chooses the filter's own. */
export function operationOf(
  kind: ConvolutionOperation['kind'],
  { info }: ConvolutionGeometry,
  { input, filter, output }: ConvolutionLayouts,
): ConvolutionOperation {
  return {
    kind,
    input,
    filter: { sizes: filter.sizes },
    output,
    strides: [info.strideHeight, info.strideWidth],
    dilations: [info.dilationHeight - 1, info.dilationWidth - 1],
    paddingBefore: [info.padInfo.top, info.padInfo.left],
    paddingAfter: paddingAfter(info),
  }
}
