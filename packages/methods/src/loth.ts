/**
 * LOTH: a classifier on all exits' feature maps together teaches them, and is taught by their mean.
 *
 * Wang, Hao, Wu, Bai, "Live on the Hump: Self Knowledge Distillation via Virtual Teacher-Students Mutual Learning", ACM
 * Multimedia 2024, p. 3028-3036, doi 10.1145/3664647.3681587; the equations from the authors' poster and code
 * (github.com/cloak-s/LOTH: main.py at 7767e8f, utils.py at e91903e):
 *
 *   z_f = fusion of the exits' last feature maps (`exit-fusion.ts`),   zbar = 1/K sum_k z_k
 *   L = CE(z_f, y) + KD([zbar], z_f) + sum_k [ (2 - A^(K-k+1)) CE(z_k, y) + A^(K-k+1) KD([z_f], z_k) ]
 *   KD(t, z) = T^2 KL(softmax(t / T) || softmax(z / T));  A = 1.15, T = 3;  [.] is detached
 *
 * The paper has four exits: the first has 0.25 of its labels left, the last 0.85. With more, A^K soon passes 2 and the first
 * exit would be trained away from the labels; such options are refused. Where the exits' maps differ in shape (most
 * networks with the `linear` head) the pooled features take their place, projected to the last exit's width where that
 * differs. Maps may agree and have other channels than features have numbers: MSDNet's heads pool and flatten theirs.
 *
 * Not copied: 1e-7 added to the teacher's probabilities, a second optimiser for the fusion module whose only difference is
 * its weight decay of 1e-5 (here none). The source reports the epoch that is best on test data; nothing here does.
 * Its repository does not import as it stands: parts of the attention are under another name.
 */
import { createRandom } from '@mate-bench/stats'
import * as tf from '@tensorflow/tfjs-core'
import { z } from 'zod'
import { createExitFusion, fusionMacs } from './exit-fusion.ts'
import { exitCrossEntropies, exitTerms, total, weighted } from './exit-terms.ts'
import {
  createFeatureProjection,
  disposeParameters,
  mapsAgree,
  projectionMacs,
} from './feature-projection.ts'
import { crossEntropy } from './loss/cross-entropy.ts'
import { klDivergence } from './loss/kl-divergence.ts'
import type { Method } from './method.ts'
import { temperature } from './option-ranges.ts'
import { constant, stopGradient } from './stop-gradient.ts'

const options = z.strictObject({
  name: z.literal('loth'),
  lossBase: z
    .number()
    .min(1)
    .max(2)
    .default(1.15)
    .describe(
      'A: exit k learns with A^(K-k+1) from the fused classifier and with 2 - A^(K-k+1) from the labels.',
    ),
  temperature: temperature.default(3).describe('Softening T of teachers and exits.'),
})

export const loth: Method<typeof options> = {
  name: 'loth',
  title: 'Live on the hump (LOTH)',
  citation:
    'Wang, Hao, Wu, Bai. Live on the Hump: Self Knowledge Distillation via Virtual Teacher-Students Mutual Learning. ACM Multimedia 2024, 3028-3036. https://doi.org/10.1145/3664647.3681587',
  summary:
    'A classifier that exists only in training fuses the feature maps of all exits and teaches them, earlier exits more strongly; their mean teaches it in return.',
  options,
  minimumExits: 2,

  trainingMacs(_, featureWidths, { mapShapes, classes }) {
    const exits = mapShapes.map((featureMapShape, index) => ({
      k: index + 1,
      featureWidth: featureWidths[index] ?? 0,
      featureMapShape,
    }))
    const agree = mapsAgree({ exits })
    const fused = fusedShape(agree, mapShapes.at(-1), featureWidths.at(-1))
    return (
      fusionMacs({ exits: exits.length, classes, ...fused }) + (agree ? 0 : projectionMacs(featureWidths))
    )
  },

  problems({ lossBase }, exits) {
    if (lossBase ** exits <= 2) return []
    const largest = Math.floor(1000 * 2 ** (1 / exits)) / 1000
    return [
      {
        option: 'lossBase',
        message: `With ${exits} exits, lossBase ${lossBase} gives the first exit's cross-entropy a negative weight.`,
        hint: `Use lossBase ${largest} or less for ${exits} exits.`,
      },
    ]
  },

  bind({ lossBase, temperature }, context) {
    const exits = context.exits.length
    const random = createRandom(context.seed, 'method-weights')
    const agree = mapsAgree(context)
    const projection = agree ? undefined : createFeatureProjection(context, random)
    const last = context.exits.at(-1)
    const fusion = createExitFusion(
      { exits, classes: context.classes, ...fusedShape(agree, last?.featureMapShape, last?.featureWidth) },
      random,
    )
    const parameters = [...(projection?.parameters ?? []), ...fusion.parameters]
    const towardsFusion = context.exits.map((_, index) => lossBase ** (exits - index))
    const factor = temperature ** 2

    return {
      parameters,
      loss(input) {
        const logits = input.outputs.map((output) => output.logits) // K x [B, C]
        const fused = fusion.logits(
          projection
            ? projection.project(input.outputs.map((output) => output.feature))
            : input.outputs.map((output) => output.featureMap),
        ) // [B, C]
        const ensemble = constant(() => tf.div<tf.Tensor2D>(tf.addN([...logits]), exits)) // [B, C]
        const fusedCe = crossEntropy(fused, input.targets)
        const fusedKd = weighted(klDivergence(ensemble, fused, temperature), factor)

        const ce = exitCrossEntropies(input)
        const labels = ce.map((loss, index) => weighted(loss, 2 - (towardsFusion[index] ?? 1)))
        const teacher = stopGradient(fused)
        const kd = logits.map((student, index) =>
          weighted(klDivergence(teacher, student, temperature), (towardsFusion[index] ?? 1) * factor),
        )
        return {
          total: total([fusedCe, fusedKd, ...labels, ...kd]),
          terms: { ...exitTerms('ce', ce), fusedCe, fusedKd, ...exitTerms('kd', kd) },
        }
      },
      dispose: () => disposeParameters(parameters),
    }
  },
}

/** Pixels and channels of what the module fuses: maps [H, W, D], or features [D], each one pixel. */
function fusedShape(agree: boolean, map: readonly number[] = [], featureWidth = 1) {
  if (!agree) return { pixels: 1, channels: featureWidth }
  return {
    pixels: map.slice(0, -1).reduce((product, length) => product * length, 1),
    channels: map.at(-1) ?? 1,
  }
}
