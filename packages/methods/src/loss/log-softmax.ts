import * as tf from '@tensorflow/tfjs-core'

/**
 * log softmax over the last axis. tfjs composes it of six kernels; a backend may bring `LogSoftmax {logits}` instead.
 *
 * @param logits [..., C]
 */
export function logSoftmax<T extends tf.Tensor>(logits: T): T {
  if (!tf.getKernel('LogSoftmax', tf.getBackend())) return tf.logSoftmax(logits)
  return tf.customGrad<T>((...args) => {
    const save = args[1] as unknown as tf.GradSaveFunc
    const value = tf.engine().runKernel<T>('LogSoftmax', { logits })
    save([value])
    return {
      value,
      // dz = dy - softmax(z) sum(dy)
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const [logProbabilities] = saved as [tf.Tensor]
        return tf.sub(dy, tf.mul(tf.sum(dy, -1, true), tf.exp(logProbabilities)))
      },
    }
  })(logits)
}
