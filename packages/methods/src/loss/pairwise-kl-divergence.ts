import * as tf from '@tensorflow/tfjs-core'
import { logSoftmax } from './log-softmax.ts'

/**
 * KL(softmax(teacher_i / T) || softmax(student_k / T)) for every pair (i, k), mean over the batch, in nats.
 * No factor T^2. One batched matrix product instead of I x K small losses:
 * KL_ik = sum_c p_i log p_i - sum_c p_i log q_k.
 *
 * @param teachers logits, [B, I, C]
 * @param students logits, [B, K, C]
 * @param temperature T > 0
 * @returns [I, K], rows are teachers
 */
export function pairwiseKlDivergence(
  teachers: tf.Tensor3D,
  students: tf.Tensor3D,
  temperature: number,
): tf.Tensor2D {
  const logTeachers = logSoftmax(tf.div(teachers, temperature)) // [B, I, C]
  const logStudents = logSoftmax(tf.div(students, temperature)) // [B, K, C]
  const probabilities = tf.exp(logTeachers) // [B, I, C]
  const negentropy = tf.sum(tf.mul(probabilities, logTeachers), 2, true) // [B, I, 1]
  const cross = tf.matMul(probabilities, logStudents, false, true) // [B, I, K]
  return tf.mean(tf.sub(negentropy, cross), 0) // [I, K]
}
