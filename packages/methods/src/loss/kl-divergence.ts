import * as tf from '@tensorflow/tfjs-core'
import { logSoftmax } from './log-softmax.ts'

/**
 * KL(softmax(teacher / T) || softmax(student / T)), mean over the batch, in nats. No factor T^2.
 * Both sides stay in log-space, so that no probability is ever rounded to zero before its logarithm.
 * Gradients flow into both arguments; a teacher that must not learn is stopped by the caller.
 *
 * @param teacher logits, [B, C]
 * @param student logits, [B, C]
 * @param temperature T > 0
 */
export function klDivergence(teacher: tf.Tensor2D, student: tf.Tensor2D, temperature: number): tf.Scalar {
  const logTeacher = logSoftmax(tf.div(teacher, temperature)) // [B, C]
  const logStudent = logSoftmax(tf.div(student, temperature)) // [B, C]
  const pointwise = tf.mul(tf.exp(logTeacher), tf.sub(logTeacher, logStudent)) // [B, C]
  return tf.div(tf.sum(pointwise), teacher.shape[0])
}
