import type { Random } from '@mate-bench/stats'
import * as tf from '@tensorflow/tfjs-core'
import { createLinearBias, createLinearMap } from './linear-map.ts'
import type { TrainingParameter } from './method.ts'

export interface ExitAttentionOptions {
  /** D of the features that come in. */
  readonly featureWidth: number
  /** d of queries and keys. */
  readonly keyDimension: number
  /** Whether scores are divided by sqrt(d). */
  readonly scaled: boolean
  /** Whether queries and keys have a bias. @default false */
  readonly bias?: boolean
  readonly random: Random
}

/** Self-attention of the exits over each other: who should draw on whose logits, image by image. */
export interface ExitAttention {
  /** `query.weight` and `key.weight`, [D, d]; with a bias also `query.bias` and `key.bias`, [d]. */
  readonly parameters: readonly TrainingParameter[]
  /** A = softmax_j(q_i . k_j), [B, N, N], rows sum to 1. `features` are N tensors [B, D]. */
  weights(features: readonly tf.Tensor2D[]): tf.Tensor3D
}

/**
 * Vaswani et al., "Attention Is All You Need", NeurIPS 2017, eq. 1, without values: the exits' logits take
 * their place. Queries and keys are linear maps, shared by all exits.
 */
export function createExitAttention(options: ExitAttentionOptions): ExitAttention {
  const { featureWidth, keyDimension, random } = options
  const query = createLinearMap(featureWidth, keyDimension, random)
  const key = createLinearMap(featureWidth, keyDimension, random)
  const [queryBias, keyBias] = options.bias
    ? [
        createLinearBias(featureWidth, keyDimension, random),
        createLinearBias(featureWidth, keyDimension, random),
      ]
    : []
  const scale = options.scaled ? 1 / Math.sqrt(keyDimension) : 1
  const mapped = (rows: tf.Tensor2D, weight: tf.Variable, bias: tf.Variable | undefined): tf.Tensor2D => {
    const product: tf.Tensor2D = tf.matMul(rows, weight as tf.Tensor2D) // [B * N, d]
    return bias ? tf.add(product, bias) : product
  }
  return {
    parameters: [
      { name: 'query.weight', variable: query },
      { name: 'key.weight', variable: key },
      ...(queryBias ? [{ name: 'query.bias', variable: queryBias }] : []),
      ...(keyBias ? [{ name: 'key.bias', variable: keyBias }] : []),
    ],
    weights(features) {
      const rows = tf.reshape<tf.Rank.R2>(tf.stack([...features], 1), [-1, featureWidth]) // [B * N, D]
      const heads = [-1, features.length, keyDimension] as [number, number, number]
      const queries = tf.reshape(mapped(rows, query, queryBias), heads) // [B, N, d]
      const keys = tf.reshape(mapped(rows, key, keyBias), heads) // [B, N, d]
      const scores = tf.mul(tf.matMul(queries, keys, false, true), scale) // [B, N, N]
      return tf.softmax(scores) as tf.Tensor3D // [B, N, N]
    },
  }
}

/** Multiply-accumulates of queries, keys and scores of N exits, for one image. */
export function attentionMacs(exits: number, featureWidth: number, keyDimension: number): number {
  return 2 * exits * featureWidth * keyDimension + exits * exits * keyDimension
}

/** d where the spec leaves it open: an eighth of the feature width, at least 1 (OKDDip's `factor` = 8). */
export function defaultKeyDimension(featureWidth: number): number {
  return Math.max(1, Math.floor(featureWidth / 8))
}
