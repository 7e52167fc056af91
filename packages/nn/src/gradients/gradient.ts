import * as tf from '@tensorflow/tfjs-core'

/** One kernel's gradient, as `tf.registerGradient` takes it. */
export type Gradient = tf.GradConfig

/** dY of a kernel with one output. */
export function single(dy: tf.Tensor | tf.Tensor[]): tf.Tensor {
  const one = Array.isArray(dy) ? dy[0] : dy
  if (one === undefined) throw new Error('a gradient was asked for without a dY')
  return one
}

/** The n-th tensor that the gradient asked to be saved. */
export function savedAt(saved: readonly tf.Tensor[], n: number): tf.Tensor {
  const tensor = saved[n]
  if (tensor === undefined) throw new Error(`saved tensor ${n} is missing`)
  return tensor
}

/** Sums away what broadcasting added, so that the gradient has its input's `shape`. */
export function unbroadcast(gradient: tf.Tensor, shape: number[]): tf.Tensor {
  const axes = tf.broadcast_util.getReductionAxes(shape, gradient.shape)
  return tf.reshape(axes.length > 0 ? tf.sum(gradient, axes) : gradient, shape)
}

/** 1 where `condition` holds, else 0, as float32: a mask to multiply with. */
export function mask(condition: tf.Tensor): tf.Tensor {
  return tf.cast(condition, 'float32')
}
