/**
 * Deep mutual learning among exits: every exit is drawn to the output of each other one, as an equal.
 *
 * Zhang, Xiang, Hospedales, Lu, "Deep Mutual Learning", CVPR 2018, arXiv:1706.00384, its loss for K networks:
 *
 *   L = sum_k [ CE(z_k, y) + 1 / (K - 1) sum_{j != k} T^2 KL(p_j || p_k) ],   p = softmax(z / T),  T = 1
 *
 * The networks of the paper take turns, and each update moves one of them alone: p_j is a constant for exit k, as in the
 * authors' code (github.com/YingZhangDUT/Deep-Mutual-Learning at c3d6ff1, train_models.py), whose loss is the sum over the
 * peers where the paper takes the mean (`peers`). With `sum` and T = 1 this is DKS among exits (`dks.ts`).
 *
 * Different here: the paper's networks share nothing, exits share a backbone, and all move in one step. No numbers are
 * published for it. OKDDip's code (github.com/DefangChen/OKDDip at c052f5b, train_DML.py) has T = 3 and lets gradients
 * into both sides; `temperature` gives the first. Not copied: 1e-8 inside the logarithm, which log-softmax makes needless.
 */
import * as tf from '@tensorflow/tfjs-core'
import { z } from 'zod'
import { exitCrossEntropies, exitTerms, stackLogits, total } from './exit-terms.ts'
import { pairwiseKlDivergence } from './loss/pairwise-kl-divergence.ts'
import type { Method } from './method.ts'
import { temperature } from './option-ranges.ts'
import { stopGradient } from './stop-gradient.ts'

const options = z.strictObject({
  name: z.literal('dml'),
  temperature: temperature
    .default(1)
    .describe('Softening T of both sides; the divergence is multiplied by T^2.'),
  peers: z
    .enum(['mean', 'sum'])
    .default('mean')
    .describe('mean: over the other exits, as in the paper; sum: as in the authors’ code.'),
})

export const dml: Method<typeof options> = {
  name: 'dml',
  title: 'Deep mutual learning over exits',
  citation:
    'Y. Zhang, T. Xiang, T. M. Hospedales, H. Lu. Deep Mutual Learning. CVPR 2018. https://arxiv.org/abs/1706.00384',
  summary:
    'Exits are equal peers: each learns from the labels and minimises its mean divergence from all the others.',
  options,
  minimumExits: 2,

  bind({ temperature, peers }, context) {
    const exits = context.exits.length
    const share = temperature ** 2 / (peers === 'mean' ? exits - 1 : 1)
    // [K * K], 0 on the diagonal: no exit teaches itself.
    const others = Float32Array.from({ length: exits * exits }, (_, at) =>
      at % (exits + 1) === 0 ? 0 : share,
    )
    return {
      parameters: [],
      loss(input) {
        const logits = stackLogits(input.outputs.map((output) => output.logits)) // [B, K, C]
        const pairs = pairwiseKlDivergence(stopGradient(logits), logits, temperature) // [K, K], rows teach
        const ce = exitCrossEntropies(input)
        const mutual = tf.sum(tf.mul(pairs, tf.tensor2d(others, [exits, exits])), 0) // [K]
        const kd = tf.unstack(mutual).map((term) => term as tf.Scalar)
        return { total: total([...ce, ...kd]), terms: { ...exitTerms('ce', ce), ...exitTerms('kd', kd) } }
      },
      dispose() {},
    }
  },
}
