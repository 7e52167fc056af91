import { batchNormTraining } from '@mate-bench/nn'
import * as tf from '@tensorflow/tfjs-core'
import type { TrainingParameter } from './method.ts'

/** Batch norm of something that exists in training alone: there are batch statistics, and no running ones. */
export interface TrainingBatchNorm {
  /** `${name}.gamma` and `${name}.beta`, [C]. */
  readonly parameters: readonly TrainingParameter[]
  /** Normalises over all but the last axis of [..., C], then ReLU. */
  normaliseRelu(x: tf.Tensor): tf.Tensor
}

export function createTrainingBatchNorm(
  name: string,
  channels: number,
  opts: { decay: boolean } = { decay: true },
): TrainingBatchNorm {
  const [gamma, beta] = tf.tidy(() => [
    tf.variable(tf.ones<tf.Rank.R1>([channels])),
    tf.variable(tf.zeros<tf.Rank.R1>([channels])),
  ])
  return {
    parameters: [
      { name: `${name}.gamma`, variable: gamma as tf.Variable, ...opts },
      { name: `${name}.beta`, variable: beta as tf.Variable, ...opts },
    ],
    normaliseRelu(x) {
      const map = tf.reshape(x, [-1, 1, 1, channels]) // as backends have kernels for
      const running = { mean: tf.zeros<tf.Rank.R1>([channels]), variable: tf.ones<tf.Rank.R1>([channels]) }
      const y = batchNormTraining(
        map,
        {
          gamma: gamma as tf.Tensor1D,
          beta: beta as tf.Tensor1D,
          mean: running.mean,
          variance: running.variable,
        },
        { epsilon: 1e-5, momentum: 0.1, relu: true },
      )
      return tf.reshape(y, x.shape)
    },
  }
}
