import * as tf from '@tensorflow/tfjs-core'

/**
 * The same values as a tensor whose gradient is multiplied by `factor` on its way back; `x` itself where that is 1. The
 * caller disposes what is new.
 */
export function scaleGradient<T extends tf.Tensor>(x: T, factor: number): T {
  if (factor === 1) return x
  return tf.customGrad<T>(() => ({
    value: tf.clone(x),
    gradFunc: (dy: tf.Tensor) => [tf.mul(dy, factor)],
  }))(x)
}
