import * as tf from '@tensorflow/tfjs-core'
import type { Operation, Padding } from '../describe/network.ts'

export type ConvolutionOperation = Extract<Operation, { kind: 'conv' | 'depthwise-conv' }>

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

/** @param x [B, H, W, C], `kernel` [h, w, C, filters], or [h, w, C, 1] for a depthwise convolution */
export function convolution(
  x: tf.Tensor4D,
  kernel: tf.Tensor4D,
  operation: ConvolutionOperation,
): tf.Tensor4D {
  const pad = explicitPadding(operation.padding)
  return operation.kind === 'conv'
    ? tf.conv2d(x, kernel, operation.stride, pad)
    : tf.depthwiseConv2d(x, kernel, operation.stride, pad)
}

/**
 * Inference: convolution, per-channel multiplier and shift, and ReLU in one kernel. The multiplier goes into the
 * kernel, which is small, instead of over the feature map, which is not.
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
  const opts = {
    x,
    filter: perChannel ? tf.mul<tf.Tensor4D>(kernel, perChannel) : kernel,
    strides: operation.stride,
    pad: explicitPadding(operation.padding),
    ...(shift ? { bias: shift } : {}),
    ...(relu ? { activation: 'relu' as const } : {}),
  }
  // Its type leaves explicit padding out, its implementation and every backend take it.
  return depthwise ? tf.fused.depthwiseConv2d({ ...opts, pad: opts.pad as 'same' }) : tf.fused.conv2d(opts)
}
