/**
 * BoostNet: exits as an additive model. Each exit learns what is left to learn beside those before it, and predicts by the sum.
 *
 * Yu, Li, Hua, Huang, Shi, "Boosted Dynamic Neural Networks", AAAI 2023, arXiv:2211.16726:
 *
 *   F_1 = z_1,   F_k = z_k + r F_{k-1},   L = sum_k CE(z_k + r [F_{k-1}], y),   r = 0.5
 *
 * [.] is detached: exit k does not move those before it through its prediction. The exit is judged by F_k, in anytime as in
 * budgeted prediction, so its costs include the heads before it even where it is asked alone. As in the authors' code
 * (github.com/SHI-Labs/Boosted-Dynamic-Networks at af773dd: models/dynamic_net.py, train_cifar100.py,
 * msdnet_scripts/train_cifar100_any.sh), which on CIFAR-100 also balances gradients between stages (models/msdnet_ge.py,
 * see `gradient-equilibrium.ts`).
 *
 * `ce1`..`ceK` are of the sums, since those are what each exit predicts by. The source's weight decay may grow from
 * exit to exit, which its CIFAR-100 script does not use; here it is one.
 */
import * as tf from '@tensorflow/tfjs-core'
import { z } from 'zod'
import { exitTerms, total } from './exit-terms.ts'
import { gradientEquilibrium } from './gradient-equilibrium.ts'
import { crossEntropy } from './loss/cross-entropy.ts'
import type { Method } from './method.ts'
import { constant } from './stop-gradient.ts'

const options = z.strictObject({
  name: z.literal('boosted'),
  ensembleWeight: z
    .number()
    .min(0)
    .max(1)
    .default(0.5)
    .describe('Weight r of the sum of all earlier exits in an exit’s prediction.'),
  gradientEquilibrium: z
    .boolean()
    .default(true)
    .describe('Give each layer the mean, not the sum, of the gradients from the exits after it.'),
})

export const boosted: Method<typeof options> = {
  name: 'boosted',
  title: 'Boosted exits (BoostNet)',
  citation:
    'H. Yu, H. Li, G. Hua, G. Huang, H. Shi. Boosted Dynamic Neural Networks. AAAI 2023. https://arxiv.org/abs/2211.16726',
  summary:
    'An additive model: each exit learns what the earlier exits get wrong, and predicts from the weighted sum of all logits so far. Its costs include the heads of those earlier exits.',
  options,
  minimumExits: 2,

  needs: (options, { exits }) =>
    options.gradientEquilibrium ? { gradientScales: gradientEquilibrium(exits) } : {},

  // F_k = sum_{j<=k} r^(k-j) z_j
  logitWeights: ({ ensembleWeight }, exits) =>
    Array.from({ length: exits }, (_, k) =>
      Array.from({ length: k + 1 }, (__, j) => ensembleWeight ** (k - j)),
    ),

  bind({ ensembleWeight }) {
    return {
      parameters: [],
      loss(input) {
        let before: tf.Tensor2D | undefined // r F_{k-1}, [B, C], a constant
        const ce = input.outputs.map(({ logits }) => {
          const earlier = before
          const sum = earlier ? tf.add<tf.Tensor2D>(logits, earlier) : logits // F_k, [B, C]
          before = constant(() => tf.mul<tf.Tensor2D>(sum, ensembleWeight))
          return crossEntropy(sum, input.targets)
        })
        return { total: total(ce), terms: exitTerms('ce', ce) }
      },
      dispose() {},
    }
  },
}
