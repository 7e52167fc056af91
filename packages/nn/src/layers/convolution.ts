import * as tf from '@tensorflow/tfjs-core'
import type { Operation, Padding } from '../describe/network.ts'
import { groupedConvolution } from './grouped-convolution.ts'

export type ConvolutionOperation = Extract<Operation, { kind: 'conv' | 'grouped-conv' | 'depthwise-conv' }>

/**
 * Padding as tfjs takes it. Numbers become explicit: a 3x3 convolution with stride 2 and padding 1 is not
 * TensorFlow's `same` (which pads even sizes on the far side only), and weights would not be interchangeable.
 */
export function explicitPadding(padding: Padding): 'same' | 'valid' | tf.backend_util.ExplicitPadding {
  if (padding === 'same') return 'same'
  if (padding === 0) return 'valid'
  return [
    [0, 0],
    [padding, padding],
    [padding, padding],
    [0, 0],
  ]
}

/** @param x [B, H, W, C], `kernel` [h, w, C, filters], [h, w, C / groups, filters] or, depthwise, [h, w, C, 1] */
export function convolution(
  x: tf.Tensor4D,
  kernel: tf.Tensor4D,
  operation: ConvolutionOperation,
): tf.Tensor4D {
  const pad = explicitPadding(operation.padding)
  switch (operation.kind) {
    case 'conv':
      return tf.conv2d(x, kernel, operation.stride, pad)
    case 'grouped-conv':
      return groupedConvolution(x, kernel, { groups: operation.groups, strides: operation.stride, pad })
    case 'depthwise-conv':
      return tf.depthwiseConv2d(x, kernel, operation.stride, pad)
  }
}

/**
 * Inference: convolution, per-channel multiplier and shift, and ReLU, in one kernel unless it is grouped. The
 * multiplier goes into the kernel, which is small, instead of over the feature map, which is not.
 *
 * @param scale per output channel, [filters]
 * @param shift per output channel, [filters]
 */
export function scaledConvolution(
  x: tf.Tensor4D,
  kernel: tf.Tensor4D,
  operation: ConvolutionOperation,
  epilogue: { scale?: tf.Tensor1D; shift?: tf.Tensor1D; relu: boolean },
): tf.Tensor4D {
  const { scale, shift, relu } = epilogue
  const depthwise = operation.kind === 'depthwise-conv'
  const perChannel = scale && depthwise ? tf.reshape(scale, [-1, 1]) : scale
  const filter = perChannel ? tf.mul<tf.Tensor4D>(kernel, perChannel) : kernel
  if (operation.kind === 'grouped-conv') {
    const y = convolution(x, filter, operation)
    const shifted = shift ? tf.add<tf.Tensor4D>(y, shift) : y
    return relu ? tf.relu(shifted) : shifted
  }
  const opts = {
    x,
    filter,
    strides: operation.stride,
    pad: explicitPadding(operation.padding),
    ...(shift ? { bias: shift } : {}),
    ...(relu ? { activation: 'relu' as const } : {}),
  }
  // Its type leaves explicit padding out, its implementation and every backend take it.
  return depthwise ? tf.fused.depthwiseConv2d({ ...opts, pad: opts.pad as 'same' }) : tf.fused.conv2d(opts)
}
