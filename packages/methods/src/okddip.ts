/**
 * OKDDip carried over to exits: peers learn from attention ensembles of each other, a leader from the peers' mean.
 *
 * Chen, Mei, Wang, Feng, Chen, "Online Knowledge Distillation with Diverse Peers", AAAI 2020, arXiv:1912.00350,
 * as in the authors' code (github.com/DefangChen/OKDDip-AAAI2020, resnet_GL.py and train_GL.py):
 *
 *   q_i = f_i W_q,  k_j = f_j W_k,  A = softmax_j(q_i . k_j),  t_i = sum_j A_ij z_j     over the peers, j = i included
 *   L = sum_i CE(z_i, y) + CE(z_leader, y)
 *       + alpha w(epoch) [ sum_i KD(t_i, z_i) + KD(mean_j z_j, z_leader) ]
 *   KD(t, z) = T^2 KL(softmax(t / T) || softmax(z / T)),  w(e) = exp(-5 (1 - min(e, 80) / 80)^2);  T = 3, alpha = 1
 *
 * OKDDip's peers are parallel branches of equal depth. Here they are the exits 1..K-1, and the last exit is the
 * group leader: an application of the method to another architecture, for which no numbers are published. With two
 * exits there is a single peer, its ensemble is itself, and only the leader is distilled.
 *
 * As in the code, scores are not scaled by sqrt(d), d = D / 8, and teachers are not detached. Not copied: 1e-7 added
 * to the teacher's probabilities, which log-softmax makes unnecessary. The ramp's 80 of 300 epochs becomes the same
 * share of a run of any length, unless `rampUpEpochs` says otherwise.
 *
 * Where exits differ in feature width, each feature is first projected to the last exit's width (training only);
 * the last exit's own feature takes no part in the attention.
 */
import { createRandom } from '@mate-bench/stats'
import * as tf from '@tensorflow/tfjs-core'
import { z } from 'zod'
import { attentionMacs, createExitAttention, defaultKeyDimension } from './exit-attention.ts'
import { exitCrossEntropies, exitTerms, stackLogits, total } from './exit-terms.ts'
import { createFeatureProjection, disposeParameters, projectionMacs } from './feature-projection.ts'
import { klDivergence } from './loss/kl-divergence.ts'
import type { Method } from './method.ts'
import { keyDimension, lossWeight, rampUpEpochsRange, temperature } from './option-ranges.ts'
import { defaultRampUpEpochs, rampUp } from './ramp-up.ts'

const options = z.strictObject({
  name: z.literal('okddip'),
  temperature: temperature.default(3).describe('Softening T of teachers and exits.'),
  alpha: lossWeight.default(1).describe('Weight of distillation against cross-entropy.'),
  keyDimension: keyDimension
    .nullable()
    .default(null)
    .describe('Width d of queries and keys; null is an eighth of the feature width, at least 1.'),
  rampUpEpochs: rampUpEpochsRange
    .nullable()
    .default(null)
    .describe(
      'Epochs over which distillation fades in as exp(-5 (1 - e/R)^2); 0 is none; null is 80/300 of the run.',
    ),
})

export const okddip: Method<typeof options> = {
  name: 'okddip',
  title: 'OKDDip over exits',
  citation:
    'D. Chen, J.-P. Mei, C. Wang, Y. Feng, C. Chen. Online Knowledge Distillation with Diverse Peers. AAAI 2020. https://arxiv.org/abs/1912.00350',
  summary:
    'The shallower exits learn from ensembles of one another, which attention over their features weights image by image; the last exit learns from their plain mean.',
  options,
  minimumExits: 2,
  trainingMacs({ keyDimension }, featureWidths) {
    const width = featureWidths.at(-1) ?? 0
    const attended = attentionMacs(
      featureWidths.length - 1,
      width,
      keyDimension ?? defaultKeyDimension(width),
    )
    return projectionMacs(featureWidths) + attended
  },

  bind(options, context) {
    const { temperature, alpha } = options
    const peers = context.exits.length - 1
    const featureWidth = context.exits.at(-1)?.featureWidth ?? 1
    const rampUpEpochs = options.rampUpEpochs ?? defaultRampUpEpochs(context.epochs)
    const random = createRandom(context.seed, 'method-weights')
    const projection = createFeatureProjection(context, random)
    const attention = createExitAttention({
      featureWidth,
      keyDimension: options.keyDimension ?? defaultKeyDimension(featureWidth),
      scaled: false,
      random,
    })
    const parameters = [...projection.parameters, ...attention.parameters]
    /** What each exit's teacher takes of each peer, [B, K, K - 1]: attention for peers, a plain mean for the leader. */
    const teacherWeights = (features: readonly tf.Tensor2D[]): tf.Tensor3D => {
      const peerRows = attention.weights(projection.project(features).slice(0, peers)) // [B, K - 1, K - 1]
      const leaderRow = tf.fill<tf.Rank.R3>([peerRows.shape[0], 1, peers], 1 / peers) // [B, 1, K - 1]
      return tf.concat([peerRows, leaderRow], 1) // [B, K, K - 1]
    }

    return {
      parameters,
      loss(input) {
        const logits = input.outputs.map((output) => output.logits) // K x [B, C]
        const weights = teacherWeights(input.outputs.map((output) => output.feature)) // [B, K, K - 1]
        const ensembles: tf.Tensor3D = tf.matMul(weights, stackLogits(logits.slice(0, peers))) // [B, K, C]

        const ce = exitCrossEntropies(input)
        const scale = alpha * rampUp(input.epoch, rampUpEpochs) * temperature ** 2
        const kd = tf.unstack(ensembles, 1).map((teacher, index) => {
          const student = logits[index] ?? (teacher as tf.Tensor2D)
          return tf.mul(klDivergence(teacher as tf.Tensor2D, student, temperature), scale) as tf.Scalar
        })
        return { total: total([...ce, ...kd]), terms: { ...exitTerms('ce', ce), ...exitTerms('kd', kd) } }
      },
      attention: (outputs) =>
        tf.tidy(() => {
          const rows = tf.mean(teacherWeights(outputs.map((output) => output.feature)), 0) // [K, K - 1]
          return tf.pad(rows as tf.Tensor2D, [
            [0, 0],
            [0, 1],
          ]) // [K, K], nobody draws on the leader
        }),
      dispose: () => disposeParameters(parameters),
    }
  },
}
