/**
 * Tf-KD, teacher-free knowledge distillation, in its regularisation form: a virtual teacher that is right by design.
 *
 * Yuan, Tay, Li, Wang, Feng, "Revisiting Knowledge Distillation via Label Smoothing Regularization", CVPR 2020,
 * p. 3903-3911, arXiv:1909.11723, section 5. Of C classes, and applied to every exit:
 *
 *   d_c = 0.99 for the right class, 0.01 / (C - 1) for the others
 *   L = sum_k [ (1 - alpha) CE(z_k, y) + alpha beta KL(softmax(d / T) || softmax(z_k)) ]
 *
 * alpha = 0.1, T = 20, beta = 1, as the authors' code trains ResNet-18 on CIFAR-100 (github.com/yuanli2333/
 * Teacher-free-Knowledge-Distillation, my_loss_function.py and experiments/base_experiments/base_resnet18/params.json at
 * 880a74e). It softens the virtual teacher alone, by a softmax over its probabilities; `softensStudent` divides the logits
 * of the student by T as well. The code's multiplier of 100 and its mean over images and classes make beta = 1 for 100
 * classes; here the divergence is summed over classes whatever their number.
 */
import * as tf from '@tensorflow/tfjs-core'
import { z } from 'zod'
import { exitCrossEntropies, exitTerms, total } from './exit-terms.ts'
import { divergenceFrom } from './loss/divergence-from.ts'
import type { Method } from './method.ts'
import { lossWeight, temperature } from './option-ranges.ts'
import { constant } from './stop-gradient.ts'

const options = z.strictObject({
  name: z.literal('tf-kd'),
  alpha: z
    .number()
    .min(0)
    .max(1)
    .default(0.1)
    .describe('Share alpha of the virtual teacher; the labels have the rest.'),
  temperature: temperature.default(20).describe('Softening T of the virtual teacher.'),
  divergenceWeight: lossWeight.default(1).describe('beta: factor on the divergence, beside alpha.'),
  confidence: z
    .number()
    .positive()
    .max(1)
    .default(0.99)
    .describe('What the virtual teacher gives the right class before it is softened.'),
  softensStudent: z.boolean().default(false).describe('Divide the student’s logits by T too.'),
})

export const tfKd: Method<typeof options> = {
  name: 'tf-kd',
  title: 'Teacher-free knowledge distillation (Tf-KD, regularisation)',
  citation:
    'L. Yuan, F. E. H. Tay, G. Li, T. Wang, J. Feng. Revisiting Knowledge Distillation via Label Smoothing Regularization. CVPR 2020, 3903-3911. https://arxiv.org/abs/1909.11723',
  summary:
    'Every exit learns from the labels and from a virtual teacher, which is right of every image and has no opinion otherwise. Costs nothing more than joint training.',
  options,
  minimumExits: 1,

  bind({ alpha, temperature, divergenceWeight, confidence, softensStudent }, { classes }) {
    const others = (1 - confidence) / Math.max(1, classes - 1)
    return {
      parameters: [],
      loss(input) {
        const teacher = constant(() => {
          const right = tf.cast(tf.oneHot(input.labels, classes), 'float32') // [R, C]
          const probabilities = tf.add(tf.mul(right, confidence - others), others) // d, [R, C]
          return tf.softmax(tf.div(probabilities, temperature)) as tf.Tensor2D
        })
        const ce = exitCrossEntropies(input)
        const regularisation = input.outputs.map(({ logits }) => {
          const divergence = divergenceFrom(teacher, logits, softensStudent ? temperature : 1)
          return tf.mul(divergence, alpha * divergenceWeight) as tf.Scalar
        })
        const labels = ce.map((loss) => tf.mul(loss, 1 - alpha) as tf.Scalar)
        return {
          total: total([...labels, ...regularisation]),
          terms: { ...exitTerms('ce', ce), ...exitTerms('virtual', regularisation) },
        }
      },
      dispose() {},
    }
  },
}
