import * as tf from '@tensorflow/tfjs-core'
import { logSoftmax } from './log-softmax.ts'

/**
 * Cross-entropy of logits against a target distribution, mean over the batch, in nats. The targets are constants: no
 * gradient is defined in them.
 *
 * A backend may bring a kernel of its own, `SoftmaxCrossEntropy {logits, targets} -> [loss, its gradient in the logits]`.
 *
 * @param logits [B, C]
 * @param targets [B, C], rows sum to 1 (one-hot, or smoothed)
 */
export function crossEntropy(logits: tf.Tensor2D, targets: tf.Tensor2D): tf.Scalar {
  if (!tf.getKernel('SoftmaxCrossEntropy', tf.getBackend())) {
    return meanCrossEntropy(targets, logSoftmax(logits))
  }
  return tf.customGrad<tf.Scalar>((...args) => {
    const save = args[1] as unknown as tf.GradSaveFunc
    const [loss, gradient] = tf
      .engine()
      .runKernel<tf.Tensor[]>('SoftmaxCrossEntropy', { logits, targets }) as [tf.Scalar, tf.Tensor2D]
    save([gradient])
    return { value: loss, gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => tf.mul(saved[0] ?? dy, dy) }
  })(logits)
}

/**
 * Soft cross-entropy H(softmax(teacher / T), softmax(student / T)), mean over the batch, in nats.
 * Its gradient in the student is that of the KL divergence; its value is larger by the teacher's entropy.
 * No factor T^2: the caller applies the one of its source.
 *
 * @param teacher logits, [B, C]
 * @param student logits, [B, C]
 * @param temperature T > 0
 */
export function softCrossEntropy(teacher: tf.Tensor2D, student: tf.Tensor2D, temperature: number): tf.Scalar {
  const target = tf.softmax(tf.div(teacher, temperature)) // [B, C]
  return meanCrossEntropy(target, logSoftmax(tf.div(student, temperature)))
}

function meanCrossEntropy(targets: tf.Tensor, logProbabilities: tf.Tensor): tf.Scalar {
  const batch = targets.shape[0] ?? 1
  return tf.div(tf.neg(tf.sum(tf.mul(targets, logProbabilities))), batch)
}
