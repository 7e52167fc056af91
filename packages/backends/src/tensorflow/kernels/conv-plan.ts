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

/** What a convolution of one geometry is called with. */
export interface ConvPlan {
  readonly window: Window
  readonly attributes: readonly Attribute[]
  /** As `attributes`, for an input that has its padding already. */
  readonly validAttributes: readonly Attribute[]
  /** [B, H, W, Cin] with the padding. */
  readonly paddedShape: readonly number[]
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
      const common = [operations.int('strides', [1, info.strideHeight, info.strideWidth, 1])]
      if (info.dilationHeight !== 1 || info.dilationWidth !== 1) {
        common.push(operations.int('dilations', [1, info.dilationHeight, info.dilationWidth, 1]))
      }
      const [batch, height, width, channels] = inputShape as Four
      return {
        window,
        attributes: [...common, ...paddingAttributes(operations, window)],
        validAttributes: [...common, operations.string('padding', 'VALID')],
        paddedShape: [
          batch,
          height + window.rows[0] + window.rows[1],
          width + window.columns[0] + window.columns[1],
          channels,
        ],
      }
    },
  )
}
