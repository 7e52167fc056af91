/**
 * Joint hard-label training: a weighted sum of the exits' cross-entropies.
 *
 *   L = sum_k w_k CE(z_k, y)
 *
 * Teerapittayanon, McDanel, Kung, "BranchyNet: Fast Inference via Early Exiting from Deep Neural Networks",
 * ICPR 2016, doi 10.1109/ICPR.2016.7900006 (weights w_n; section V-A reports a gain from a heavier first branch).
 * Huang et al., "Multi-Scale Dense Networks for Resource Efficient Image Classification", ICLR 2018,
 * arXiv:1703.09844 (all weights 1). Deep supervision (Lee et al., AISTATS 2015) trains the same sum.
 *
 * Defaults follow MSDNet's code: weights 1, and the sum is not divided by the number of exits. BranchyNet
 * starts from a pre-trained main network; here everything is trained from scratch.
 */
import * as tf from '@tensorflow/tfjs-core'
import { z } from 'zod'
import { exitCrossEntropies, exitTerms, total } from './exit-terms.ts'
import type { Method } from './method.ts'
import { lossWeight } from './option-ranges.ts'

const options = z.strictObject({
  name: z.literal('joint'),
  weights: z
    .array(lossWeight)
    .max(64)
    .nullable()
    .default(null)
    .describe('Weight of each exit’s cross-entropy, shallowest first; null weighs all exits by 1.'),
})

export const joint: Method<typeof options> = {
  name: 'joint',
  title: 'Joint training',
  citation:
    'S. Teerapittayanon, B. McDanel, H. T. Kung. BranchyNet: Fast Inference via Early Exiting from Deep Neural Networks. ICPR 2016. https://doi.org/10.1109/ICPR.2016.7900006; G. Huang et al. Multi-Scale Dense Networks for Resource Efficient Image Classification. ICLR 2018. https://arxiv.org/abs/1703.09844',
  summary:
    'All exits learn from the labels alone, at the same time. The baseline that every other method is compared with.',
  options,
  minimumExits: 1,

  problems({ weights }, exits) {
    if (weights === null) return []
    if (weights.length !== exits) {
      return [
        {
          option: 'weights',
          message: `There are ${weights.length} weights for ${exits} exits.`,
          hint: 'Give one weight an exit, shallowest first, or null for equal weights.',
        },
      ]
    }
    if (weights.some((weight) => weight > 0)) return []
    return [{ option: 'weights', message: 'All weights are zero.', hint: 'Give at least one exit a weight.' }]
  },

  bind({ weights }) {
    return {
      parameters: [],
      loss(input) {
        const ce = exitCrossEntropies(input)
        const weighted = ce.map((loss, index) => tf.mul(loss, weights?.[index] ?? 1) as tf.Scalar)
        return { total: total(weighted), terms: exitTerms('ce', ce) }
      },
      dispose() {},
    }
  },
}
