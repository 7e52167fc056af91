import * as tf from '@tensorflow/tfjs-core'

/**
 * Mean over height and width, [B, H, W, C] -> [B, C]: a matrix product with a row of 1 / (H W), whose gradient is a
 * matrix product too.
 */
export function globalAveragePool(x: tf.Tensor4D): tf.Tensor2D {
  const [batch, height, width, channels] = x.shape
  if (height * width === 1) return tf.reshape<tf.Rank.R2>(x, [batch, channels])
  return tf.tidy(() => {
    const pixels = height * width
    const row = tf.fill<tf.Rank.R3>([1, 1, pixels], 1 / pixels)
    const means = tf.matMul(row, tf.reshape<tf.Rank.R3>(x, [batch, pixels, channels])) // [B, 1, C]
    return tf.reshape<tf.Rank.R2>(means, [batch, channels])
  })
}
