/**
 * DKS, dense knowledge synergy: every exit teaches every other.
 *
 * Sun, Yao, Zhou, Zhao, "Deeply-Supervised Knowledge Synergy", CVPR 2019, p. 6997-7006, arXiv:1906.00675:
 *
 *   L = sum_k CE(z_k, y) + alpha sum_k sum_{j != k} KL(p_j || p_k)
 *
 * Temperature 1, all weights 1, and the teaching side p_j detached, as in the authors' code
 * (github.com/sundw2014/DKS, KL_divergence.py). This equals Deep Mutual Learning among exits at T = 1 with
 * detached teachers.
 *
 * Not copied: the code's smoothing by 1e-8 inside the logarithm, which log-softmax makes unnecessary. DKS's
 * heavy auxiliary branches, some wider than the backbone, belong to the model and are not part of this file:
 * here the method teaches between whatever exits the spec has.
 */
import * as tf from '@tensorflow/tfjs-core'
import { z } from 'zod'
import { exitCrossEntropies, exitTerms, stackLogits, total } from './exit-terms.ts'
import { pairwiseKlDivergence } from './loss/pairwise-kl-divergence.ts'
import type { Method } from './method.ts'
import { lossWeight } from './option-ranges.ts'
import { stopGradient } from './stop-gradient.ts'

const options = z.strictObject({
  name: z.literal('dks'),
  alpha: lossWeight
    .default(1)
    .describe('Weight of each pairwise divergence; the sum runs over K - 1 teachers an exit.'),
})

export const dks: Method<typeof options> = {
  name: 'dks',
  title: 'Deeply-supervised knowledge synergy',
  citation:
    'D. Sun, A. Yao, A. Zhou, H. Zhao. Deeply-Supervised Knowledge Synergy. CVPR 2019, 6997-7006. https://arxiv.org/abs/1906.00675',
  summary:
    'All exits learn from the labels and from each other: each is pulled towards the output of every other exit.',
  options,
  minimumExits: 2,

  bind({ alpha }, context) {
    const exits = context.exits.length
    // [K * K], 0 on the diagonal: no exit teaches itself.
    const others = Float32Array.from({ length: exits * exits }, (_, at) =>
      at % (exits + 1) === 0 ? 0 : alpha,
    )
    return {
      parameters: [],
      loss(input) {
        const logits = stackLogits(input.outputs.map((output) => output.logits)) // [B, K, C]
        const pairs = pairwiseKlDivergence(stopGradient(logits), logits, 1) // [K, K], rows teach
        const ce = exitCrossEntropies(input)
        const synergy = tf.sum(tf.mul(pairs, tf.tensor2d(others, [exits, exits])), 0) // [K]
        const kd = tf.unstack(synergy).map((term) => term as tf.Scalar)
        return { total: total([...ce, ...kd]), terms: { ...exitTerms('ce', ce), ...exitTerms('kd', kd) } }
      },
      dispose() {},
    }
  },
}
