import * as tf from '@tensorflow/tfjs-core'

/** Sizes of a 2-d convolution, NHWC, dilation 1. */
export interface ConvGeometry {
  readonly batch: number
  readonly inHeight: number
  readonly inWidth: number
  readonly cin: number
  readonly outHeight: number
  readonly outWidth: number
  readonly cout: number
  readonly kernelHeight: number
  readonly kernelWidth: number
  readonly stride: number
  readonly padTop: number
  readonly padLeft: number
}

/** Attributes that the gradient kernels of convolution have in common. */
interface ConvGradientAttributes {
  readonly strides: number | [number, number]
  readonly pad: 'valid' | 'same' | number | tf.backend_util.ExplicitPadding
  readonly dataFormat?: string
  readonly dilations?: number | [number, number]
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil'
}

/**
 * Reads the sizes from shapes and attributes.
 *
 * @throws Error for what no network here uses: NCHW, dilation, different strides in height and width
 */
export function convGeometry(
  kernelName: string,
  inputShape: readonly number[],
  filterShape: readonly number[],
  attrs: tf.NamedAttrMap | undefined,
  depthwise = false,
): ConvGeometry {
  const { strides, pad, dataFormat, dilations, dimRoundingMode } = attrs as unknown as ConvGradientAttributes
  const info = tf.backend_util.computeConv2DInfo(
    inputShape as [number, number, number, number],
    filterShape as [number, number, number, number],
    strides,
    dilations ?? 1,
    pad,
    dimRoundingMode,
    depthwise,
  )
  const refuse = (what: string) => {
    throw new Error(`${kernelName} on wasm needs ${what}`)
  }
  if (dataFormat !== undefined && dataFormat !== 'NHWC') refuse('NHWC')
  if (info.dilationHeight !== 1 || info.dilationWidth !== 1) refuse('dilation 1')
  if (info.strideHeight !== info.strideWidth) refuse('one stride for height and width')
  return {
    batch: info.batchSize,
    inHeight: info.inHeight,
    inWidth: info.inWidth,
    cin: info.inChannels,
    outHeight: info.outHeight,
    outWidth: info.outWidth,
    cout: info.outChannels,
    kernelHeight: info.filterHeight,
    kernelWidth: info.filterWidth,
    stride: info.strideHeight,
    padTop: info.padInfo.top,
    padLeft: info.padInfo.left,
  }
}

/**
 * Output positions 0 .. `outSize` - 1 whose tap, `offset` away from `position * stride`, lies inside of
 * 0 .. `inSize` - 1: the first, and one past the last (not above the first where there are none).
 */
export function insideRange(
  offset: number,
  stride: number,
  inSize: number,
  outSize: number,
): readonly [number, number] {
  const first = Math.max(0, Math.ceil(-offset / stride))
  const end = Math.min(outSize, Math.floor((inSize - 1 - offset) / stride) + 1)
  return [first, Math.max(first, end)]
}

/** Writes the taps of a filter for a filter gradient: per tap dy, dx, first and end of oy, first and end of ox. */
export function writeGradientTaps(g: ConvGeometry, to: Int32Array): void {
  for (let ky = 0; ky < g.kernelHeight; ky++) {
    for (let kx = 0; kx < g.kernelWidth; kx++) {
      const dy = ky - g.padTop
      const dx = kx - g.padLeft
      const rows = insideRange(dy, g.stride, g.inHeight, g.outHeight)
      const columns = insideRange(dx, g.stride, g.inWidth, g.outWidth)
      to.set([dy, dx, ...rows, ...columns], 6 * (ky * g.kernelWidth + kx))
    }
  }
}
