import type { Random } from '@mate-bench/stats'
import * as tf from '@tensorflow/tfjs-core'

/**
 * Weight of a training-only linear map without bias, [inputs, units], to be multiplied from the right.
 * Drawn uniformly from +-1 / sqrt(inputs), the usual initialisation of a linear layer in PyTorch, which the
 * methods' sources rely on. The caller disposes it.
 */
export function createLinearMap(inputs: number, units: number, random: Random): tf.Variable<tf.Rank.R2> {
  const bound = 1 / Math.sqrt(inputs)
  const values = Float32Array.from({ length: inputs * units }, () => (2 * random.uniform() - 1) * bound)
  const initial = tf.tensor2d(values, [inputs, units])
  const weight = tf.variable(initial)
  initial.dispose()
  return weight
}
