/**
 * BYOT, Be Your Own Teacher: the last exit teaches the shallower ones, by its softened output and its feature.
 *
 * Zhang, Song, Gao, Chen, Bao, Ma, "Be Your Own Teacher: Improve the Performance of Convolutional Neural
 * Networks via Self Distillation", ICCV 2019, arXiv:1905.08094. The conference paper names neither
 * its hyper-parameters nor its code; `form: conference` (default) follows the re-implementation that later
 * papers compare against (github.com/luanyunteng/pytorch-be-your-own-teacher, train.py):
 *
 *   L = (1 - a) sum_{k<=K} CE(z_k, y) + a T^2 sum_{k<K} H(p_K^T, p_k^T) + b sum_{k<K} F(f_k, f_K)
 *   F(f, g) = sum over batch and channels of (f - g)^2 [f > 0 or g > 0];  a = 0.1, T = 3, b = 1e-6
 *
 * The last exit's cross-entropy carries (1 - a) too, as there.
 *
 * Zhang, Bao, Ma, "Self-Distillation: Towards Efficient and Compact Neural Networks", TPAMI 2021, doi
 * 10.1109/TPAMI.2021.3067100, often called ECSD; `form: journal` follows the authors' code
 * (github.com/ArchipLab-LinfengZhang/pytorch-self-distillation-final, train.py):
 *
 *   L = CE(z_K, y) + sum_{k<K} [ (1 - a) CE(z_k, y) + a H(p_K^T, p_k^T) + b ||f_k - f_K||_2 ]
 *   a = 0.3, T = 3 without the factor T^2, b = 0.03, the norm over the whole batch tensor
 *
 * In both forms everything of the last exit that acts as a teacher is detached, and H is the soft
 * cross-entropy. Not copied: the journal code leaves the exit before the last out of its feature loss (an index
 * meant for the shallowest), here every k < K takes part; it maps every f_k by a linear layer, here only features
 * whose width differs from f_K's are projected, without bias; its attention heads belong to the model, not here.
 */
import { createRandom } from '@mate-bench/stats'
import * as tf from '@tensorflow/tfjs-core'
import { z } from 'zod'
import { exitCrossEntropies, exitTerms, splitLast, total } from './exit-terms.ts'
import { createFeatureProjection, disposeParameters, projectionMacs } from './feature-projection.ts'
import { softCrossEntropy } from './loss/cross-entropy.ts'
import { euclideanDistance, maskedSquaredDistance } from './loss/feature-distance.ts'
import type { Method } from './method.ts'
import { lossWeight, temperature } from './option-ranges.ts'
import { stopGradient } from './stop-gradient.ts'

const options = z.strictObject({
  name: z.literal('byot'),
  form: z
    .enum(['conference', 'journal'])
    .default('conference')
    .describe(
      'conference: ICCV 2019 as re-implemented, T^2 and a masked squared feature distance; journal: TPAMI 2021 (ECSD), no T^2, an unsquared norm, and the last exit keeps its whole cross-entropy.',
    ),
  alpha: z
    .number()
    .min(0)
    .max(1)
    .nullable()
    .default(null)
    .describe('Share a of distillation against labels; null is 0.1 (conference) or 0.3 (journal).'),
  temperature: temperature.default(3).describe('Softening T of teacher and student.'),
  featureWeight: lossWeight
    .nullable()
    .default(null)
    .describe(
      'Weight b of the feature loss; null is 1e-6 (conference, a sum over batch and channels) or 0.03 (journal).',
    ),
})

const forms = {
  conference: {
    alpha: 0.1,
    featureWeight: 1e-6,
    temperatureFactor: (temperature: number) => temperature ** 2,
    featureDistance: maskedSquaredDistance,
  },
  journal: {
    alpha: 0.3,
    featureWeight: 0.03,
    temperatureFactor: () => 1,
    featureDistance: euclideanDistance,
  },
} as const

export const byot: Method<typeof options> = {
  name: 'byot',
  title: 'Be Your Own Teacher',
  citation:
    'L. Zhang, J. Song, A. Gao, J. Chen, C. Bao, K. Ma. Be Your Own Teacher: Improve the Performance of Convolutional Neural Networks via Self Distillation. ICCV 2019. https://arxiv.org/abs/1905.08094; L. Zhang, C. Bao, K. Ma. Self-Distillation: Towards Efficient and Compact Neural Networks. TPAMI 2021. https://doi.org/10.1109/TPAMI.2021.3067100',
  summary:
    'The last exit teaches every shallower one through its softened output and its feature vector. The usual baseline for self-distillation.',
  options,
  minimumExits: 2,
  trainingMacs: (_, featureWidths) => projectionMacs(featureWidths),

  bind(options, context) {
    const form = forms[options.form]
    const alpha = options.alpha ?? form.alpha
    const featureWeight = options.featureWeight ?? form.featureWeight
    const { temperature } = options
    const projection = createFeatureProjection(context, createRandom(context.seed, 'method-weights'))

    return {
      parameters: projection.parameters,
      loss(input) {
        const { shallow, deepest } = splitLast(input.outputs)
        const ce = exitCrossEntropies(input)
        const labels = ce.map((loss, index) => {
          const whole = options.form === 'journal' && index === shallow.length
          return tf.mul(loss, whole ? 1 : 1 - alpha) as tf.Scalar
        })

        const teacher = stopGradient(deepest.logits) // [B, C]
        const kd = shallow.map((output) => {
          const loss = softCrossEntropy(teacher, output.logits, temperature)
          return tf.mul(loss, alpha * form.temperatureFactor(temperature)) as tf.Scalar
        })

        const features = projection.project(input.outputs.map((output) => output.feature)) // K x [B, D]
        const target = stopGradient(deepest.feature) // [B, D]
        const feature = features
          .slice(0, -1)
          .map((student) => tf.mul(form.featureDistance(student, target), featureWeight) as tf.Scalar)

        return {
          total: total([...labels, ...kd, ...feature]),
          terms: { ...exitTerms('ce', ce), ...exitTerms('kd', kd), ...exitTerms('feature', feature) },
        }
      },
      dispose: () => disposeParameters(projection.parameters),
    }
  },
}
