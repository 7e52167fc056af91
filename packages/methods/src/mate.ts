/**
 * MATE: multiple ensemble teachers, one an exit, woven by self-attention over the exits' features.
 *
 * Sun, Chen, Wang, Ye, Feng, Chen, "Multi-exit self-distillation with appropriate teachers", Frontiers of
 * Information Technology & Electronic Engineering 25(4):585-599, 2024, doi 10.1631/FITEE.2200644.
 *
 * THIS IS A RECONSTRUCTION. The paper's text and code are not openly available. Known from the abstract and
 * the authors' framework figure: as many teachers as exits; each teacher is an ensemble of the exits' logits
 * with its own trainable weights; the weights come from a self-attention network on the exits' feature
 * vectors; each exit learns from all teachers, mainly from its primary one. Not known: the equations,
 * whether scores are scaled, the temperature, the weights of the terms, any ramp-up, where gradients stop,
 * every hyper-parameter and result. Each of these is an option; numbers obtained here are not the paper's.
 *
 *   q_i = f_i W_q,  k_j = f_j W_k,  A = softmax_j(q_i . k_j / sqrt(d)),  t_i = sum_j A_ij z_j
 *   L = sum_k CE(z_k, y) + sum_i CE(t_i, y)
 *       + alpha ramp(epoch) sum_k [ p KD(t_k, z_k) + (1 - p) / (K - 1) sum_{i != k} KD(t_i, z_k) ]
 *   KD(t, z) = T^2 KL(softmax(t / T) || softmax(z / T))
 *
 * Defaults that the sources leave open follow the closest published weight network of the same group, OKDDip
 * (AAAI 2020, see `okddip.ts`): T = 3, alpha = 1, d = D / 8, its ramp-up, teachers that are not detached.
 * Scores are scaled as in Vaswani et al. (NeurIPS 2017), which MATE cites; OKDDip does not scale them.
 *
 * Where exits differ in feature width, each feature is first projected to the last exit's width (training only).
 */
import { createRandom } from '@mate-bench/stats'
import * as tf from '@tensorflow/tfjs-core'
import { z } from 'zod'
import { attentionMacs, createExitAttention, defaultKeyDimension } from './exit-attention.ts'
import { exitCrossEntropies, exitTerms, stackLogits, total } from './exit-terms.ts'
import { createFeatureProjection, disposeParameters, projectionMacs } from './feature-projection.ts'
import { crossEntropy } from './loss/cross-entropy.ts'
import { pairwiseKlDivergence } from './loss/pairwise-kl-divergence.ts'
import type { Method } from './method.ts'
import { keyDimension, lossWeight, rampUpEpochsRange, temperature } from './option-ranges.ts'
import { defaultRampUpEpochs, rampUp } from './ramp-up.ts'
import { stopGradient } from './stop-gradient.ts'

const options = z.strictObject({
  name: z.literal('mate'),
  temperature: temperature.default(3).describe('Softening T of teachers and exits in KD.'),
  alpha: lossWeight.default(1).describe('Weight of distillation against cross-entropy.'),
  primaryWeight: z
    .number()
    .min(0)
    .max(1)
    .default(0.5)
    .describe('Share p of an exit’s distillation that comes from its own teacher; the others share 1 - p.'),
  keyDimension: keyDimension
    .nullable()
    .default(null)
    .describe('Width d of queries and keys; null is an eighth of the feature width, at least 1.'),
  scaled: z.boolean().default(true).describe('Divide attention scores by sqrt(d).'),
  rampUpEpochs: rampUpEpochsRange
    .nullable()
    .default(null)
    .describe(
      'Epochs over which distillation fades in as exp(-5 (1 - e/R)^2); 0 is none; null is 80/300 of the run.',
    ),
  teacherGradient: z
    .enum(['full', 'weights', 'none'])
    .default('full')
    .describe(
      'full: teachers are ordinary tensors; weights: logits and features inside teachers are constants, so teachers reach only the weight network; none: as weights, and distillation does not reach teachers either.',
    ),
})

export const mate: Method<typeof options> = {
  name: 'mate',
  title: 'MATE (reconstruction)',
  citation:
    'W. Sun, D. Chen, C. Wang, D. Ye, Y. Feng, C. Chen. Multi-exit self-distillation with appropriate teachers. Frontiers of Information Technology & Electronic Engineering 25(4):585-599, 2024. https://doi.org/10.1631/FITEE.2200644',
  summary:
    'One ensemble teacher per exit: self-attention over the exits’ features decides, image by image, whose logits each teacher draws on, and every exit learns from all teachers, mainly from its own. Reconstructed from the abstract and the framework figure; the paper’s equations are not openly available.',
  options,
  minimumExits: 2,
  trainingMacs({ keyDimension }, featureWidths) {
    const width = featureWidths.at(-1) ?? 0
    const attended = attentionMacs(featureWidths.length, width, keyDimension ?? defaultKeyDimension(width))
    return projectionMacs(featureWidths) + attended
  },

  bind(options, context) {
    const { temperature, alpha, primaryWeight, scaled, teacherGradient } = options
    const exits = context.exits.length
    const featureWidth = context.exits.at(-1)?.featureWidth ?? 1
    const rampUpEpochs = options.rampUpEpochs ?? defaultRampUpEpochs(context.epochs)
    const random = createRandom(context.seed, 'method-weights')
    const projection = createFeatureProjection(context, random)
    const attention = createExitAttention({
      featureWidth,
      keyDimension: options.keyDimension ?? defaultKeyDimension(featureWidth),
      scaled,
      random,
    })
    const parameters = [...projection.parameters, ...attention.parameters]
    const shares = teacherShares(exits, primaryWeight) // rows teachers, columns exits
    const insideTeacher = teacherGradient === 'full' ? <T extends tf.Tensor>(x: T) => x : stopGradient
    const insideDistillation = teacherGradient === 'none' ? stopGradient : <T extends tf.Tensor>(x: T) => x

    return {
      parameters,
      loss(input) {
        const logits = stackLogits(input.outputs.map((output) => output.logits)) // [B, K, C]
        const features = input.outputs.map((output) => insideTeacher(output.feature)) // K x [B, D_k]
        const weights = attention.weights(projection.project(features)) // [B, K, K]
        const teachers: tf.Tensor3D = tf.matMul(weights, insideTeacher(logits)) // [B, K, C]

        const ce = exitCrossEntropies(input)
        const teacherCe = tf
          .unstack(teachers, 1)
          .map((teacher) => crossEntropy(teacher as tf.Tensor2D, input.targets))

        const pairs = pairwiseKlDivergence(insideDistillation(teachers), logits, temperature) // [K, K]
        const scale = alpha * rampUp(input.epoch, rampUpEpochs) * temperature ** 2
        const kd = tf
          .unstack(tf.mul(tf.sum(tf.mul(pairs, tf.tensor2d(shares, [exits, exits])), 0), scale))
          .map((term) => term as tf.Scalar)

        return {
          total: total([...ce, ...teacherCe, ...kd]),
          terms: { ...exitTerms('ce', ce), ...exitTerms('teacherCe', teacherCe), ...exitTerms('kd', kd) },
        }
      },
      attention: (outputs) =>
        tf.tidy(() => {
          const features = projection.project(outputs.map((output) => output.feature))
          return tf.mean(attention.weights(features), 0) as tf.Tensor2D // [K, K]
        }),
      dispose: () => disposeParameters(parameters),
    }
  },
}

/** Weight of KD(t_i, z_k) at row i, column k: p on the diagonal, (1 - p) / (K - 1) elsewhere. [K * K] */
function teacherShares(exits: number, primaryWeight: number): Float32Array {
  const shares = new Float32Array(exits * exits).fill((1 - primaryWeight) / (exits - 1))
  for (let k = 0; k < exits; k++) shares[k * exits + k] = primaryWeight
  return shares
}
