/**
 * PS-KD, progressive self-knowledge distillation: targets are softened by what the network itself said of the same image
 * in the last epoch, more and more as training goes on.
 *
 * Kim, Ji, Yoon, Hwang, "Self-Knowledge Distillation with Progressive Refinement of Targets", ICCV 2021, p. 6567-6576,
 * arXiv:2006.12000, eq. 2 to 4. For epoch t of E, counted from 1, and applied to every exit:
 *
 *   L = sum_k H((1 - a_t) y + a_t p_k^(t-1), p_k^t),   a_t = a_E t / E
 *
 * p_k^(t-1) is exit k's softmax at temperature 1 in epoch t - 1, as it was computed in training (under that epoch's
 * augmentation, before that step's update). a_E = 0.8. As in the authors' code (github.com/lgcnsai/PS-KD-Pytorch,
 * main.py at 0fda2cf, loss/pskd_loss.py at 6ca4e75): one matrix holds the predictions, a step reads an image's row and
 * then writes it; in the first epoch the target is y.
 *
 * The source trains one classifier; here each exit remembers its own predictions.
 */
import * as tf from '@tensorflow/tfjs-core'
import { z } from 'zod'
import { exitCrossEntropies, exitTerms, total } from './exit-terms.ts'
import { crossEntropy } from './loss/cross-entropy.ts'
import type { Method } from './method.ts'
import { constant } from './stop-gradient.ts'

const options = z.strictObject({
  name: z.literal('ps-kd'),
  finalWeight: z
    .number()
    .min(0)
    .max(1)
    .default(0.8)
    .describe(
      'a_E: weight of the last epoch’s prediction in the target at the end of training; it grows linearly.',
    ),
})

export const psKd: Method<typeof options> = {
  name: 'ps-kd',
  title: 'Progressive self-knowledge distillation (PS-KD)',
  citation:
    'K. Kim, B. Ji, D. Yoon, S. Hwang. Self-Knowledge Distillation with Progressive Refinement of Targets. ICCV 2021, 6567-6576. https://arxiv.org/abs/2006.12000',
  summary:
    'Every exit learns from a mixture of the label and its own prediction for the same image one epoch ago; the mixture shifts from the label to the prediction as training goes on. Stores a prediction of every exit for every image.',
  options,
  minimumExits: 1,
  needs: (_, { exits, classes }) => ({ memory: { numbersPerImage: exits * classes } }),

  bind({ finalWeight }, context) {
    return {
      parameters: [],
      loss(input) {
        const epoch = Math.floor(input.epoch)
        const weight = (finalWeight * (epoch + 1)) / context.epochs
        const last = epoch > 0 && input.memory ? tf.split(input.memory, context.exits.length, 1) : [] // K x [B, C]
        const soft = input.outputs.map(({ logits }, k) => {
          const prediction = last[k] as tf.Tensor2D | undefined
          if (!prediction) return crossEntropy(logits, input.targets)
          const targets = tf.add(tf.mul(input.targets, 1 - weight), tf.mul(prediction, weight)) // [B, C]
          return crossEntropy(logits, targets as tf.Tensor2D)
        })
        const remembered = constant(() =>
          tf.concat2d(
            input.outputs.map(({ logits }) => tf.softmax(logits)),
            1,
          ),
        ) // [B, K * C]
        return {
          total: total(soft),
          terms: { ...exitTerms('ce', exitCrossEntropies(input)), ...exitTerms('soft', soft) },
          remembered,
        }
      },
      dispose() {},
    }
  },
}
