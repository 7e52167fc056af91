import * as tf from '@tensorflow/tfjs-core'

/** [to, from] matrix of bilinear weights with half-pixel centres, edges repeated. */
function bilinearMatrix(from: number, to: number): Float32Array {
  const weights = new Float32Array(to * from)
  for (let row = 0; row < to; row++) {
    const centre = Math.max(0, ((row + 0.5) * from) / to - 0.5)
    const low = Math.min(Math.floor(centre), from - 1)
    const high = Math.min(low + 1, from - 1)
    const fraction = centre - low
    weights[row * from + low] = (weights[row * from + low] ?? 0) + 1 - fraction
    weights[row * from + high] = (weights[row * from + high] ?? 0) + fraction
  }
  return weights
}

/**
 * Bilinear resizing with half-pixel centres (align_corners off, as other frameworks default to).
 *
 * Two matrix products, one along each axis, instead of `resizeBilinear`: its gradient kernel knows no half-pixel
 * centres, and not every backend has it.
 *
 * @param x [B, H, W, C]
 * @returns [B, height, width, C]
 */
export function upsample(x: tf.Tensor4D, height: number, width: number): tf.Tensor4D {
  const [batch, fromHeight, fromWidth, channels] = x.shape
  return tf.tidy(() => {
    const vertical = tf.tensor3d(bilinearMatrix(fromHeight, height), [1, height, fromHeight])
    const horizontal = tf.tensor3d(bilinearMatrix(fromWidth, width), [1, width, fromWidth])
    const columns = tf.reshape<tf.Rank.R3>(x, [batch, fromHeight, fromWidth * channels])
    const tall = tf.matMul(vertical, columns) // [B, height, W C]
    const rows = tf.reshape<tf.Rank.R3>(tall, [batch * height, fromWidth, channels])
    const wide = tf.matMul(horizontal, rows) // [B height, width, C]
    return tf.reshape<tf.Rank.R4>(wide, [batch, height, width, channels])
  })
}
