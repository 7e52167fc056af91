import * as tf from '@tensorflow/tfjs-core'
import { constant } from '../stop-gradient.ts'
import { logSoftmax } from './log-softmax.ts'

/** Small enough to change no probability that float32 holds, and with a finite logarithm: 0 log 0 is 0. */
const tiny = 1e-37

/**
 * KL(q || softmax(logits / T)) for given probabilities q, mean over the batch, in nats. No factor T^2. The targets are
 * constants: no gradient is defined in them.
 *
 * @param targets q, [B, C], rows sum to 1
 * @param logits [B, C]
 * @param temperature T > 0
 */
export function divergenceFrom(targets: tf.Tensor2D, logits: tf.Tensor2D, temperature: number): tf.Scalar {
  const negentropy = constant(() => tf.sum(tf.mul(targets, tf.log(tf.maximum(targets, tiny)))))
  const cross = tf.sum(tf.mul(targets, logSoftmax(tf.div(logits, temperature)))) // sum over images and classes
  return tf.div(tf.sub(negentropy, cross), targets.shape[0])
}
