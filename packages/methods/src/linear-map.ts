import type { Random } from '@mate-bench/stats'
import * as tf from '@tensorflow/tfjs-core'

/**
 * Weight of a training-only linear map without bias, [inputs, units], to be multiplied from the right.
 * Drawn uniformly from +-1 / sqrt(inputs), the usual initialisation of a linear layer in PyTorch, which the
 * methods' sources rely on. The caller disposes it.
 */
export function createLinearMap(inputs: number, units: number, random: Random): tf.Variable<tf.Rank.R2> {
  return uniformVariable([inputs, units], inputs, random)
}

/** Bias of such a map, [units], drawn from the same range. The caller disposes it. */
export function createLinearBias(inputs: number, units: number, random: Random): tf.Variable<tf.Rank.R1> {
  return uniformVariable([units], inputs, random)
}

function uniformVariable<R extends tf.Rank>(
  shape: tf.ShapeMap[R],
  inputs: number,
  random: Random,
): tf.Variable<R> {
  const bound = 1 / Math.sqrt(inputs)
  const values = Float32Array.from(
    { length: tf.util.sizeFromShape(shape) },
    () => (2 * random.uniform() - 1) * bound,
  )
  const initial = tf.tensor(values, shape)
  const variable = tf.variable(initial)
  initial.dispose()
  return variable
}
