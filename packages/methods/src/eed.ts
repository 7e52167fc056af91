/**
 * EED, exit-ensemble distillation: all exits learn from their own average.
 *
 * Lee and Lee, "Students are the Best Teacher: Exit-Ensemble Distillation with Multi-Exits", 2021,
 * arXiv:2104.00299, as in the authors' code (github.com/hjdw2/Exit-Ensemble-Distillation, train.py):
 *
 *   L = sum_k CE(z_k, y) + L_O + b L_F,  zbar = mean_k z_k and fbar = mean_k f_k, both detached
 *   L_O = a sum_k mean((z_k - zbar)^2)                                (`outputLoss: mse`, default, a = 1)
 *       = a T^2 sum_k H(softmax(zbar / T), softmax(z_k / T))          (`outputLoss: kl`, a = 0.1, T = 3)
 *   L_F = sum_k mean((f_k - fbar)^2 [f_k > 0 or fbar > 0]),  b = 1
 *
 * The last exit is student and part of the teacher like every other. `kl` is a soft cross-entropy, as there: its
 * gradient is that of the KL divergence. Not copied: command-line switches for EED and for the feature loss that
 * could not be turned off (the string "False" is true); here `featureWeight` 0 turns the feature loss off.
 *
 * Where exits differ in feature width, each feature is first projected to the last exit's width (training only).
 */
import { createRandom } from '@mate-bench/stats'
import * as tf from '@tensorflow/tfjs-core'
import { z } from 'zod'
import { exitCrossEntropies, exitTerms, total } from './exit-terms.ts'
import { createFeatureProjection, disposeParameters, projectionMacs } from './feature-projection.ts'
import { softCrossEntropy } from './loss/cross-entropy.ts'
import { maskedSquaredDistance, meanSquaredDistance } from './loss/feature-distance.ts'
import type { Method } from './method.ts'
import { lossWeight, temperature } from './option-ranges.ts'
import { constant } from './stop-gradient.ts'

const options = z.strictObject({
  name: z.literal('eed'),
  outputLoss: z
    .enum(['mse', 'kl'])
    .default('mse')
    .describe('How exits follow the ensemble: squared distance of logits, or softened cross-entropy.'),
  outputWeight: lossWeight
    .nullable()
    .default(null)
    .describe('Weight a of the output loss; null is 1 (mse) or 0.1 (kl, besides its factor T^2).'),
  temperature: temperature.default(3).describe('Softening T of the kl form; unused by mse.'),
  featureWeight: lossWeight.default(1).describe('Weight b of the feature loss; 0 turns it off.'),
})

export const eed: Method<typeof options> = {
  name: 'eed',
  title: 'Exit-ensemble distillation',
  citation:
    'H. Lee, J.-S. Lee. Students are the Best Teacher: Exit-Ensemble Distillation with Multi-Exits. 2021. https://arxiv.org/abs/2104.00299',
  summary:
    'Every exit, including the last, is pulled towards the average of all exits, in its output and in its features.',
  options,
  minimumExits: 2,
  trainingMacs: (_, featureWidths) => projectionMacs(featureWidths),

  bind(options, context) {
    const { outputLoss, temperature, featureWeight } = options
    const outputWeight = options.outputWeight ?? (outputLoss === 'mse' ? 1 : 0.1)
    const projection = createFeatureProjection(context, createRandom(context.seed, 'method-weights'))

    return {
      parameters: projection.parameters,
      loss(input) {
        const logits = input.outputs.map((output) => output.logits) // K x [B, C]
        const ensemble = constant(() => mean(logits)) // [B, C]
        const output = logits.map((student) =>
          outputLoss === 'mse'
            ? (tf.mul(meanSquaredDistance(student, ensemble), outputWeight) as tf.Scalar)
            : (tf.mul(
                softCrossEntropy(ensemble, student, temperature),
                outputWeight * temperature ** 2,
              ) as tf.Scalar),
        )

        const features = projection.project(input.outputs.map((exit) => exit.feature)) // K x [B, D]
        const target = constant(() => mean(features)) // [B, D]
        const feature = features.map(
          (student) =>
            tf.mul(maskedSquaredDistance(student, target), featureWeight / student.size) as tf.Scalar,
        )

        const ce = exitCrossEntropies(input)
        return {
          total: total([...ce, ...output, ...feature]),
          terms: { ...exitTerms('ce', ce), ...exitTerms('output', output), ...exitTerms('feature', feature) },
        }
      },
      dispose: () => disposeParameters(projection.parameters),
    }
  },
}

/** Element-wise mean of tensors of one shape. */
function mean(tensors: readonly tf.Tensor2D[]): tf.Tensor2D {
  return tf.div(tf.addN([...tensors]), tensors.length)
}
