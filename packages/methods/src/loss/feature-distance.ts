import * as tf from '@tensorflow/tfjs-core'
import { constant } from '../stop-gradient.ts'

/**
 * Squared distance of two features, counted only where at least one of them is active (> 0): between ReLU
 * features it is the plain squared distance, and two negative pre-activations cost nothing.
 * The mask is a constant of the step.
 *
 * @param feature student, any shape
 * @param target teacher, same shape
 * @returns the sum over all elements and the batch; divide by `feature.size` for the mean
 */
export function maskedSquaredDistance(feature: tf.Tensor, target: tf.Tensor): tf.Scalar {
  const active = constant(() =>
    tf.cast(tf.logicalOr(tf.greater(feature, 0), tf.greater(target, 0)), 'float32'),
  ) // same shape as feature
  return tf.sum(tf.mul(tf.square(tf.sub(feature, target)), active))
}

/** Mean of the squared difference over all elements and the batch. Same shapes. */
export function meanSquaredDistance(feature: tf.Tensor, target: tf.Tensor): tf.Scalar {
  return tf.mean(tf.square(tf.sub(feature, target)))
}

/**
 * Euclidean norm of the difference over the whole tensor, batch included (not squared, not averaged).
 * The root is taken of the sum + 1e-12: its slope at zero is infinite, and one step with equal features
 * would otherwise turn every weight into NaN.
 */
export function euclideanDistance(feature: tf.Tensor, target: tf.Tensor): tf.Scalar {
  return tf.sqrt(tf.add(tf.sum(tf.square(tf.sub(feature, target))), 1e-12))
}
