/**
 * CS-KD, class-wise self-knowledge distillation: what the network says of an image is drawn to what it says of another
 * image of the same class.
 *
 * Yun, Park, Lee, Shin, "Regularizing Class-wise Predictions via Self-knowledge Distillation", CVPR 2020, p. 13873-13882,
 * arXiv:2003.13964, eq. 1 and 2. For an image x, another x' of its class, and applied to every exit:
 *
 *   L = sum_k [ CE(z_k(x), y) + lambda T^2 KL(softmax(z_k(x') / T) || softmax(z_k(x) / T)) ],   z_k(x') is a constant
 *
 * lambda = 1 and T = 4, as in the authors' code (github.com/alinlab/cs-kd, train.py and datasets.py at b706db9): x' is
 * drawn from all training images of the class, x among them; it has a forward pass of its own, without a gradient and with
 * batch statistics. An epoch draws each image once as x, so a batch of B costs 2 B forward and B backward passes.
 *
 * Not copied: in the code the pass of x' moves the running averages of batch norm as well, which are then updated twice a
 * step. `partnerStatistics: moved` does it in the other order: here the pass of x' comes first and x moves the averages last,
 * in the code x comes first and x' moves them last.
 */
import * as tf from '@tensorflow/tfjs-core'
import { z } from 'zod'
import { exitCrossEntropies, exitTerms, total } from './exit-terms.ts'
import { klDivergence } from './loss/kl-divergence.ts'
import type { Method } from './method.ts'
import { lossWeight, temperature } from './option-ranges.ts'

const options = z.strictObject({
  name: z.literal('cs-kd'),
  temperature: temperature.default(4).describe('Softening T of both predictions.'),
  lambda: lossWeight.default(1).describe('Weight of the divergence from the prediction for the other image.'),
  partnerStatistics: z
    .enum(['kept', 'moved'])
    .default('kept')
    .describe('Whether the forward pass of the other images moves the running averages of batch norm too.'),
})

export const csKd: Method<typeof options> = {
  name: 'cs-kd',
  title: 'Class-wise self-knowledge distillation (CS-KD)',
  citation:
    'S. Yun, J. Park, K. Lee, J. Shin. Regularizing Class-wise Predictions via Self-knowledge Distillation. CVPR 2020, 13873-13882. https://arxiv.org/abs/2003.13964',
  summary:
    'Every exit learns from the labels and from its own prediction for another image of the same class. Each step takes a second forward pass.',
  options,
  minimumExits: 1,
  needs: ({ partnerStatistics }) => ({
    partners: { count: 1, distinct: false, pass: 'apart', movesStatistics: partnerStatistics === 'moved' },
  }),

  bind({ temperature, lambda }) {
    return {
      parameters: [],
      loss(input) {
        const ce = exitCrossEntropies(input)
        const kd = input.outputs.map(({ logits }, k) => {
          const partner = input.partners?.[k]
          if (!partner) throw new RangeError('Class-wise distillation needs the outputs for partners.')
          return tf.mul(
            klDivergence(partner.logits, logits, temperature),
            lambda * temperature ** 2,
          ) as tf.Scalar
        })
        return { total: total([...ce, ...kd]), terms: { ...exitTerms('ce', ce), ...exitTerms('kd', kd) } }
      },
      dispose() {},
    }
  },
}
