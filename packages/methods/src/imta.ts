/**
 * IMTA, improved techniques for training adaptive networks: the last exit teaches all others, and every layer gets the mean of
 * the gradients of the exits behind it.
 *
 * Li, Zhang, Qi, Yang, Huang, "Improved Techniques for Training Adaptive Deep Networks", ICCV 2019, arXiv:1908.06294:
 * gradient equilibrium (see `gradient-equilibrium.ts`) and one-for-all distillation,
 *
 *   L = CE(z_K, y) + sum_{k<K} [ (1 - g) CE(z_k, y) + g T^2 KL(softmax(z_K / T) || softmax(z_k / T)) ],   g = 0.1, T = 1
 *
 * with the teacher detached, as in the authors' code (github.com/kalviny/IMTA at 0e82bec, utils.py, main_IMTA.py,
 * models/msdnet_ge.py). There the divergence is PyTorch's KLDivLoss with its default reduction, which divides by batch and
 * classes, so that distillation weighs a hundred times less on CIFAR-100 than the equation says: `reduction: elements` gives
 * that, the default is the mean over the batch.
 *
 * Different here: the source trains in two stages, first the network with gradient equilibrium and labels alone, then, with
 * that network frozen, new classifiers that its last exit teaches; here it is one stage. The second stage's classifiers
 * also take the previous exit's prediction as an input (inline subnetwork collaboration): that is a head of
 * another kind and not part of this file.
 */
import { z } from 'zod'
import { exitCrossEntropies, exitTerms, splitLast, total, weighted } from './exit-terms.ts'
import { gradientEquilibrium } from './gradient-equilibrium.ts'
import { klDivergence } from './loss/kl-divergence.ts'
import type { Method } from './method.ts'
import { temperature } from './option-ranges.ts'
import { stopGradient } from './stop-gradient.ts'

const options = z.strictObject({
  name: z.literal('imta'),
  gamma: z
    .number()
    .min(0)
    .max(1)
    .default(0.1)
    .describe('Share γ of distillation against labels in every exit but the last.'),
  temperature: temperature.default(1).describe('Softening T of teacher and students.'),
  reduction: z
    .enum(['batch', 'elements'])
    .default('batch')
    .describe(
      'What the divergence is averaged over. batch: the images, as in the equation; elements: the classes as well, as in the authors’ code.',
    ),
  gradientEquilibrium: z
    .boolean()
    .default(true)
    .describe('Give each layer the mean, not the sum, of the gradients from the exits after it.'),
})

export const imta: Method<typeof options> = {
  name: 'imta',
  title: 'IMTA',
  citation:
    'H. Li, H. Zhang, X. Qi, R. Yang, G. Huang. Improved Techniques for Training Adaptive Deep Networks. ICCV 2019. https://arxiv.org/abs/1908.06294',
  summary:
    'The last exit teaches all others with a small weight, and gradient equilibrium gives every layer the mean of the gradients from the exits after it. Designed for MSDNet.',
  options,
  minimumExits: 2,

  needs: (options, { exits }) =>
    options.gradientEquilibrium ? { gradientScales: gradientEquilibrium(exits) } : {},

  bind({ gamma, temperature, reduction }, context) {
    const distillation = (gamma * temperature ** 2) / (reduction === 'elements' ? context.classes : 1)
    return {
      parameters: [],
      loss(input) {
        const { shallow, deepest } = splitLast(input.outputs)
        const ce = exitCrossEntropies(input)
        const labels = ce.map((loss, index) => weighted(loss, index === shallow.length ? 1 : 1 - gamma))
        const teacher = stopGradient(deepest.logits) // [B, C]
        const kd = shallow.map((output) =>
          weighted(klDivergence(teacher, output.logits, temperature), distillation),
        )
        return { total: total([...labels, ...kd]), terms: { ...exitTerms('ce', ce), ...exitTerms('kd', kd) } }
      },
      dispose() {},
    }
  },
}
