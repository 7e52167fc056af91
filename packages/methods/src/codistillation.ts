/**
 * Codistillation among exits: each exit also learns from the mean prediction of all others.
 *
 * Anil, Pereyra, Passos, Ormandi, Dahl, Hinton, "Large Scale Distributed Neural Network Training through Online
 * Distillation", ICLR 2018, arXiv:1804.03235, Algorithm 1:
 *
 *   L = sum_k [ CE(z_k, y) + alpha(e) H( 1 / (K - 1) sum_{j != k} p_j, p_k ) ],   alpha(e) = 0 in the first epochs
 *
 * H is the cross-entropy at temperature 1, and the others' predictions are constants. In the paper they may be those of
 * a stale copy, since models are on different machines and see different data; exits are in one network and see the same
 * images, so nothing is stale here. The weight of 1, and no epochs before it starts, are the defaults of the
 * re-implementation by Preferred Networks (github.com/pfnet-research/sc20-online-codistillation at 1e8e50a,
 * tiny-imagenet/options.py and train.py; there H or a divergence). The authors' code is not public.
 */
import * as tf from '@tensorflow/tfjs-core'
import { z } from 'zod'
import { exitCrossEntropies, exitTerms, total, weighted } from './exit-terms.ts'
import { crossEntropy } from './loss/cross-entropy.ts'
import type { Method } from './method.ts'
import { lossWeight, rampUpEpochsRange } from './option-ranges.ts'
import { constant } from './stop-gradient.ts'

const options = z.strictObject({
  name: z.literal('codistillation'),
  alpha: lossWeight.default(1).describe('Weight of distillation once it has started.'),
  burnInEpochs: rampUpEpochsRange
    .default(0)
    .describe('Epochs at the start in which exits learn from the labels alone.'),
})

export const codistillation: Method<typeof options> = {
  name: 'codistillation',
  title: 'Codistillation over exits',
  citation:
    'R. Anil, G. Pereyra, A. Passos, R. Ormandi, G. E. Dahl, G. E. Hinton. Large Scale Distributed Neural Network Training through Online Distillation. ICLR 2018. https://arxiv.org/abs/1804.03235',
  summary:
    'Each exit learns from the labels and, after the first epochs, from the mean of the other exits’ predictions.',
  options,
  minimumExits: 2,

  bind({ alpha, burnInEpochs }, context) {
    const others = context.exits.length - 1
    return {
      parameters: [],
      loss(input) {
        const ce = exitCrossEntropies(input)
        const weight = input.epoch < burnInEpochs ? 0 : alpha
        const probabilities = constant(() =>
          tf.softmax(tf.stack(input.outputs.map((output) => output.logits))),
        ) // [K, B, C]
        const everybody = constant(() => tf.sum(probabilities, 0)) // [B, C]
        const kd = input.outputs.map((output, index) => {
          const teacher = constant(() =>
            tf.div<tf.Tensor2D>(tf.sub(everybody, tf.gather(probabilities, index)), others),
          ) // [B, C]
          return weighted(crossEntropy(output.logits, teacher), weight)
        })
        return { total: total([...ce, ...kd]), terms: { ...exitTerms('ce', ce), ...exitTerms('kd', kd) } }
      },
      dispose() {},
    }
  },
}
