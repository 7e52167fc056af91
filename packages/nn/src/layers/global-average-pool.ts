import * as tf from '@tensorflow/tfjs-core'

/**
 * Mean over height and width, [B, H, W, C] -> [B, C]: a matrix product with a row of 1 / (H W), whose gradient is a
 * matrix product too.
 *
 * A backend may bring kernels of its own that give the same:
 *   GlobalAveragePool {x [B, H, W, C]} -> [B, C]      GlobalAveragePoolGrad {dy [B, C]}, {shape} -> [B, H, W, C]
 */
export function globalAveragePool(x: tf.Tensor4D): tf.Tensor2D {
  const [batch, height, width, channels] = x.shape
  if (height * width === 1) return tf.reshape<tf.Rank.R2>(x, [batch, channels])
  if (tf.getKernel('GlobalAveragePool', tf.getBackend())) return byKernel(x)
  return tf.tidy(() => {
    const pixels = height * width
    const row = tf.fill<tf.Rank.R3>([1, 1, pixels], 1 / pixels)
    const means = tf.matMul(row, tf.reshape<tf.Rank.R3>(x, [batch, pixels, channels])) // [B, 1, C]
    return tf.reshape<tf.Rank.R2>(means, [batch, channels])
  })
}

function byKernel(x: tf.Tensor4D): tf.Tensor2D {
  const { shape } = x
  return tf.customGrad<tf.Tensor2D>(() => ({
    value: tf.engine().runKernel('GlobalAveragePool', { x }),
    gradFunc: (dy: tf.Tensor) => tf.engine().runKernel<tf.Tensor>('GlobalAveragePoolGrad', { dy }, { shape }),
  }))(x)
}
