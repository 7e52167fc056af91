/**
 * LWR, learning with retrospection: training goes in blocks of m epochs, and a block learns from what the network said of
 * each image in the last epoch of the block before.
 *
 * Deng, Zhang, "Learning with Retrospection", AAAI 2021, p. 7201-7209, arXiv:2012.13098. For epoch e, counted from 1, with
 * n = m floor(e / m), and applied to every exit:
 *
 *   L = sum_k CE(z_k, y)                                                                      for e <= m
 *   L = sum_k [ (1 - (1 - g) n / E) CE(z_k, y) + (1 - g) n / E T^2 KL(softmax(r_k / T) || softmax(z_k / T)) ]   after
 *
 * r_k are exit k's logits of the image, remembered as they were computed in training in the latest epoch before this one
 * that m divides. g = 0.1, m = 5 and T = 5, as in the authors' code for ResNet-18 on CIFAR-100
 * (github.com/Xiang-Deng-DL/Learning-With-Retrospection, train_LWR.py and helper/loops.py at 634f882, train_script.sh at
 * b0de9c8). Like there, the epoch that renews what is remembered still learns from what was remembered before.
 *
 * The code divides by 240 in runs of 200 epochs. Here E is the length of the run, unless `scheduleEpochs` says otherwise.
 */
import * as tf from '@tensorflow/tfjs-core'
import { z } from 'zod'
import { exitCrossEntropies, exitTerms, total } from './exit-terms.ts'
import { klDivergence } from './loss/kl-divergence.ts'
import type { Method } from './method.ts'
import { temperature } from './option-ranges.ts'
import { constant } from './stop-gradient.ts'

const options = z.strictObject({
  name: z.literal('lwr'),
  interval: z
    .int()
    .min(1)
    .max(10_000)
    .default(5)
    .describe('m: epochs after which the stored logits are renewed.'),
  temperature: temperature.default(5).describe('Softening T of the stored logits and of the prediction.'),
  finalLabelWeight: z
    .number()
    .min(0)
    .max(1)
    .default(0.1)
    .describe('g: weight of the labels at epoch E; it falls in steps from 1.'),
  scheduleEpochs: z
    .int()
    .min(1)
    .max(10_000)
    .nullable()
    .default(null)
    .describe(
      'E: epochs over which the weight falls; null is the length of the run. Less than that is taken for it.',
    ),
})

export const lwr: Method<typeof options> = {
  name: 'lwr',
  title: 'Learning with retrospection (LWR)',
  citation:
    'X. Deng, Z. Zhang. Learning with Retrospection. AAAI 2021, 7201-7209. https://arxiv.org/abs/2012.13098',
  summary:
    'Every exit learns from the labels and, increasingly, from its own prediction for the same image some epochs ago. Stores the logits of every exit for every image.',
  options,
  minimumExits: 1,
  needs: (_, { exits, classes }) => ({ memory: { numbersPerImage: exits * classes } }),

  bind({ interval, temperature, finalLabelWeight, scheduleEpochs }, context) {
    const span = Math.max(scheduleEpochs ?? 0, context.epochs)
    return {
      parameters: [],
      loss(input) {
        const epoch = Math.floor(input.epoch) + 1
        const block = Math.floor(epoch / interval) * interval
        const remembers = epoch > interval && input.memory !== undefined
        const weight = remembers ? ((1 - finalLabelWeight) * block) / span : 0
        const ce = exitCrossEntropies(input)
        const before = remembers && input.memory ? tf.split(input.memory, context.exits.length, 1) : [] // K x [B, C]
        const kd = input.outputs.map(({ logits }, k) => {
          const teacher = before[k] as tf.Tensor2D | undefined
          if (!teacher) return tf.scalar(0)
          const divergence = klDivergence(teacher, logits, temperature)
          return tf.mul(divergence, weight * temperature ** 2) as tf.Scalar
        })
        const labels = ce.map((loss) => tf.mul(loss, 1 - weight) as tf.Scalar)
        const renews = epoch % interval === 0
        return {
          total: total([...labels, ...kd]),
          terms: { ...exitTerms('ce', ce), ...exitTerms('kd', kd) },
          ...(renews
            ? {
                remembered: constant(() =>
                  tf.concat2d(
                    input.outputs.map(({ logits }) => logits),
                    1,
                  ),
                ),
              }
            : {}),
        }
      },
      dispose() {},
    }
  },
}
