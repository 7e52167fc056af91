import * as tf from '@tensorflow/tfjs-core'
import { crossEntropy } from './loss/cross-entropy.ts'
import type { StepInput } from './method.ts'

/** Cross-entropy of every exit, shallowest first: what every method here has in common. */
export function exitCrossEntropies(input: StepInput): tf.Scalar[] {
  return input.outputs.map((output) => crossEntropy(output.logits, input.targets))
}

/** Names scalars after their exits: `ce` and three of them give `ce1`, `ce2`, `ce3`. */
export function exitTerms(prefix: string, scalars: readonly tf.Scalar[]): Record<string, tf.Scalar> {
  return Object.fromEntries(scalars.map((scalar, index) => [`${prefix}${index + 1}`, scalar]))
}

/** weight * scalar; the scalar itself where the weight is 1. */
export function weighted(scalar: tf.Scalar, weight: number): tf.Scalar {
  return weight === 1 ? scalar : tf.mul(scalar, weight)
}

/** Sum of scalars. `scalars` must not be empty. */
export function total(scalars: readonly tf.Scalar[]): tf.Scalar {
  return tf.addN([...scalars])
}

/** Logits of the exits side by side, [B, K, C]. */
export function stackLogits(logits: readonly tf.Tensor2D[]): tf.Tensor3D {
  return tf.stack([...logits], 1) as tf.Tensor3D
}

/** Splits a list into all but its last element, and the last. Methods with a teacher exit need both. */
export function splitLast<T>(items: readonly T[]): { readonly shallow: readonly T[]; readonly deepest: T } {
  const deepest = items.at(-1)
  if (deepest === undefined) throw new RangeError('A multi-exit network has at least one exit.')
  return { shallow: items.slice(0, -1), deepest }
}
