import * as tf from '@tensorflow/tfjs-core'
import type { Attribute, Operations } from '../operations.ts'
import { memoised } from './kernel.ts'
import { paddingAttributes, type Window, windowOf } from './window.ts'

/** Attributes that the kernels of convolution and their gradients have in common. */
export interface ConvAttributes {
  readonly strides: number | [number, number]
  readonly pad: 'valid' | 'same' | number | tf.backend_util.ExplicitPadding
  readonly dataFormat?: 'NHWC' | 'NCHW'
  readonly dilations?: number | [number, number]
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil'
}

/** What a convolution of one geometry and its gradients are called with. */
export interface ConvPlan {
  readonly attributes: readonly Attribute[]
  /** Where the padding is explicit: how to put it on and take it off. */
  readonly explicit: ExplicitPadding | undefined
  /** Of a 1x1 filter that skips pixels: what picks those that it looks at. */
  readonly picking: readonly Attribute[] | undefined
  /** For the gradient in the filter, of an input that is padded and picked. */
  readonly filterAttributes: readonly Attribute[]
}

export interface ExplicitPadding {
  /** Of `Pad`, [4, 2]. */
  readonly paddings: tf.TensorInfo
  readonly paddedShape: readonly number[]
  /** Where the image begins in the padded one. */
  readonly begin: readonly number[]
  /** For an image that is padded already. */
  readonly attributes: readonly Attribute[]
}

type Four = [number, number, number, number]

/** Works out the plan of a convolution, once for each geometry. */
export function convPlanner(operations: Operations, kernelName: string, depthwise: boolean) {
  return memoised(
    (inputShape: readonly number[], filterShape: readonly number[], attrs: ConvAttributes) =>
      `${inputShape};${filterShape};${attrs.strides};${attrs.pad};${attrs.dilations};${attrs.dataFormat};${attrs.dimRoundingMode}`,
    (inputShape: readonly number[], filterShape: readonly number[], attrs: ConvAttributes): ConvPlan => {
      const { strides, pad, dilations, dataFormat, dimRoundingMode } = attrs
      const info = tf.backend_util.computeConv2DInfo(
        inputShape as Four,
        filterShape as Four,
        strides,
        dilations ?? 1,
        pad,
        dimRoundingMode,
        depthwise,
        dataFormat === 'NCHW' ? 'channelsFirst' : 'channelsLast',
      )
      const window = windowOf(kernelName, info)
      const stride = operations.int('strides', [1, info.strideHeight, info.strideWidth, 1])
      const dilated = info.dilationHeight * info.dilationWidth > 1
      const common = dilated
        ? [stride, operations.int('dilations', [1, info.dilationHeight, info.dilationWidth, 1])]
        : [stride]
      const valid = operations.string('padding', 'VALID')
      const attributes = [...common, ...paddingAttributes(operations, window)]
      const explicit =
        window.padding === 'EXPLICIT'
          ? explicitPadding(operations, window, inputShape as Four, [...common, valid])
          : undefined
      const skips = info.strideHeight * info.strideWidth > 1
      const picks = skips && info.filterHeight * info.filterWidth === 1
      return {
        attributes,
        explicit,
        picking: picks ? [operations.int('ksize', [1, 1, 1, 1]), stride, valid] : undefined,
        filterAttributes: picks
          ? [operations.int('strides', [1, 1, 1, 1]), valid]
          : (explicit?.attributes ?? attributes),
      }
    },
  )
}

function explicitPadding(
  operations: Operations,
  { rows, columns }: Window,
  [batch, height, width, channels]: Four,
  attributes: readonly Attribute[],
): ExplicitPadding {
  return {
    paddings: operations.ints([0, 0, ...rows, ...columns, 0, 0], [4, 2]),
    paddedShape: [batch, height + rows[0] + rows[1], width + columns[0] + columns[1], channels],
    begin: [0, rows[0], columns[0], 0],
    attributes,
  }
}
