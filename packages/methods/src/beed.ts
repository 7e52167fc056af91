/**
 * BEED: exit-ensemble distillation in which later exits weigh more in the teacher, and earlier exits learn
 * more from the teacher than from the labels.
 *
 * Lee and Lee, "Rethinking Online Knowledge Distillation with Multi-Exits", ACCV 2022, p. 2289-2305, as in the
 * authors' code (github.com/hjdw2/BEED, train.py, `--mode BEED`):
 *
 *   w_k = B^(k-1) / sum_j B^(j-1),  zbar = sum_k w_k z_k,  fbar = sum_k w_k f_k, both detached
 *   L = sum_k [ (2 - A^(K-k)) CE(z_k, y) + A^(K-k) T^2 KL(softmax(zbar / T) || softmax(z_k / T)) ]
 *       + b sum_k mean((f_k - fbar)^2);  A = 1.15, B = 1.6, T = 3, b = 0.1
 *
 * f_k is the head's last feature map before pooling. Where the exits' maps differ in shape (the `linear` head,
 * MSDNet) there is no mean of maps, and the pooled feature vectors take their place, projected to the last exit's
 * width where that differs (training only).
 *
 * The paper has four exits. With more, A^(K-1) soon passes 2 and the first exit would be trained away from the
 * labels; such options are refused. Not copied: the code's mode switch, in which every mode but two is BEED, and
 * its `EED` mode that keeps B = 1.6.
 */
import { createRandom } from '@mate-bench/stats'
import * as tf from '@tensorflow/tfjs-core'
import { z } from 'zod'
import { exitCrossEntropies, exitTerms, total } from './exit-terms.ts'
import {
  createFeatureProjection,
  disposeParameters,
  type FeatureProjection,
  mapsAgree,
  projectionMacs,
} from './feature-projection.ts'
import { meanSquaredDistance } from './loss/feature-distance.ts'
import { klDivergence } from './loss/kl-divergence.ts'
import type { Method } from './method.ts'
import { lossWeight, temperature } from './option-ranges.ts'
import { constant } from './stop-gradient.ts'

const options = z.strictObject({
  name: z.literal('beed'),
  lossBase: z
    .number()
    .min(1)
    .max(2)
    .default(1.15)
    .describe('A: exit k learns with A^(K-k) from the ensemble and with 2 - A^(K-k) from the labels.'),
  ensembleBase: z
    .number()
    .min(0.01)
    .max(100)
    .default(1.6)
    .describe('B: each exit weighs B times its predecessor in the ensemble; 1 is the plain mean.'),
  temperature: temperature.default(3).describe('Softening T of ensemble and exits.'),
  featureWeight: lossWeight.default(0.1).describe('Weight b of the feature loss.'),
})

export const beed: Method<typeof options> = {
  name: 'beed',
  title: 'BEED',
  citation:
    'H. Lee, J.-S. Lee. Rethinking Online Knowledge Distillation with Multi-Exits. ACCV 2022, 2289-2305. https://github.com/hjdw2/BEED',
  summary:
    'Exits learn from an ensemble of all exits that gives more weight to later ones. The earlier the exit, the more weight the ensemble has in its loss and the less the labels have.',
  options,
  minimumExits: 2,
  trainingMacs: (_, featureWidths) => projectionMacs(featureWidths),

  problems({ lossBase }, exits) {
    if (lossBase ** (exits - 1) <= 2) return []
    const largest = Math.floor(1000 * 2 ** (1 / (exits - 1))) / 1000
    return [
      {
        option: 'lossBase',
        message: `With ${exits} exits, lossBase ${lossBase} gives the first exit's cross-entropy a negative weight.`,
        hint: `Use lossBase ${largest} or less for ${exits} exits.`,
      },
    ]
  },

  bind(options, context) {
    const { lossBase, ensembleBase, temperature, featureWeight } = options
    const exits = context.exits.length
    const shares = ensembleShares(exits, ensembleBase)
    const towardsEnsemble = context.exits.map((_, index) => lossBase ** (exits - 1 - index))
    const projection = mapsAgree(context)
      ? undefined
      : createFeatureProjection(context, createRandom(context.seed, 'method-weights'))

    return {
      parameters: projection?.parameters ?? [],
      loss(input) {
        const ce = exitCrossEntropies(input)
        const labels = ce.map((loss, index) => tf.mul(loss, 2 - (towardsEnsemble[index] ?? 1)) as tf.Scalar)

        const logits = input.outputs.map((output) => output.logits) // K x [B, C]
        const ensemble = constant(() => weightedSum(logits, shares)) // [B, C]
        const kd = logits.map((student, index) => {
          const weight = (towardsEnsemble[index] ?? 1) * temperature ** 2
          return tf.mul(klDivergence(ensemble, student, temperature), weight) as tf.Scalar
        })

        const features = comparableFeatures(input.outputs, projection) // K x [B, H, W, D] or K x [B, D]
        const target = constant(() => weightedSum(features, shares))
        const feature = features.map(
          (student) => tf.mul(meanSquaredDistance(student, target), featureWeight) as tf.Scalar,
        )

        return {
          total: total([...labels, ...kd, ...feature]),
          terms: { ...exitTerms('ce', ce), ...exitTerms('kd', kd), ...exitTerms('feature', feature) },
        }
      },
      dispose: () => disposeParameters(projection?.parameters ?? []),
    }
  },
}

/** w_k = B^(k-1) / sum_j B^(j-1). */
function ensembleShares(exits: number, base: number): number[] {
  const powers = Array.from({ length: exits }, (_, index) => base ** index)
  const sum = powers.reduce((a, b) => a + b, 0)
  return powers.map((power) => power / sum)
}

function comparableFeatures(
  outputs: readonly { feature: tf.Tensor2D; featureMap: tf.Tensor }[],
  projection: FeatureProjection | undefined,
): readonly tf.Tensor[] {
  if (projection) return projection.project(outputs.map((output) => output.feature))
  return outputs.map((output) => output.featureMap)
}

/** sum_k w_k x_k over tensors of one shape. */
function weightedSum<T extends tf.Tensor>(tensors: readonly T[], weights: readonly number[]): T {
  return tf.addN(tensors.map((tensor, index) => tf.mul<T>(tensor, weights[index] ?? 0)))
}
