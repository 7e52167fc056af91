/**
 * MATE: multiple ensemble teachers, one per exit, woven by self-attention over the exits' features.
 *
 * Sun, Chen, Wang, Ye, Feng, Chen, "Multi-exit self-distillation with appropriate teachers", Frontiers of
 * Information Technology & Electronic Engineering 25(4):585-599, 2024, doi 10.1631/FITEE.2200644.
 *
 * THIS IS A RECONSTRUCTION. The paper's text and code are not openly available. Known from the abstract and
 * the authors' framework figure: as many teachers as exits; each teacher is an ensemble of the exits' logits
 * with its own trainable weights; the weights come from a self-attention network on the exits' feature
 * vectors; each exit learns from all teachers, mainly from its primary one. Not known: the equations,
 * whether scores are scaled, the temperature, the weights of the terms, their schedule, where gradients stop,
 * every hyper-parameter and result. Each of these is an option; numbers obtained here are not the paper's.
 *
 *   q_i = f_i W_q (+ b_q),  k_j = f_j W_k (+ b_k),  A = softmax_j(q_i . k_j / sqrt(d)),  t_i = sum_j A_ij z_j
 *   L = c(e) [ sum_k CE(z_k, y) + g sum_i CE(t_i, y) ]
 *       + alpha w(e) sum_k [ p KD(t_k, z_k) + (1 - p) / (K - 1) sum_{i != k} KD(t_i, z_k) ]
 *   KD(t, z) = T^2 KL(softmax(t / T) || softmax(z / T))
 *   balance ramp:   c = 1,             w = exp(-5 (1 - min(e, R) / R)^2)
 *   balance shift:  c = 1 - w,         w = s n floor(e / n) / E     with e from 1 to E
 *
 * Defaults that the sources leave open follow the closest published weight network of the same group, OKDDip
 * (AAAI 2020, see `okddip.ts`): T = 3, alpha = 1, d = D / 8, its ramp-up, teachers that are not detached.
 * Scores are scaled as in Vaswani et al. (NeurIPS 2017), which MATE cites; OKDDip does not scale them.
 *
 * The preset `lab-2021` follows the lab's attention self-distillation of 2021, between OKDDip and MATE's submission
 * (github.com/DefangChen/Self-KD at 28a2596, train_New.py; unpublished): maps with a bias, scores not scaled, features and
 * logits detached while the teacher is not, so that distillation alone trains the weights; no cross-entropy of teachers;
 * alpha = 1 - 0.9 (e - e mod k) / E for the labels and 1 - alpha for distillation, k = 5 of 300 epochs. There the
 * teachers are earlier snapshots of one network with one exit, here they are MATE's.
 *
 * Where exits differ in feature width, each feature is first projected to the last exit's width (training only).
 */
import { createRandom } from '@mate-bench/stats'
import * as tf from '@tensorflow/tfjs-core'
import { z } from 'zod'
import { attentionMacs, createExitAttention, defaultKeyDimension } from './exit-attention.ts'
import { exitCrossEntropies, exitTerms, stackLogits, total, weighted } from './exit-terms.ts'
import { createFeatureProjection, disposeParameters, projectionMacs } from './feature-projection.ts'
import { crossEntropy } from './loss/cross-entropy.ts'
import { pairwiseKlDivergence } from './loss/pairwise-kl-divergence.ts'
import type { Evidence, Method } from './method.ts'
import { keyDimension, laterOption, lossWeight, rampUpEpochsRange, temperature } from './option-ranges.ts'
import { defaultRampUpEpochs, rampUp } from './ramp-up.ts'
import { stopGradient } from './stop-gradient.ts'

/** What the options are that came later, where a spec does not name them. */
const later = {
  bias: false,
  teacherLabelWeight: 1,
  balance: 'ramp',
  shiftShare: 0.9,
} as const

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
  bias: laterOption(z.boolean(), later.bias, 'Give queries and keys a bias.'),
  teacherLabelWeight: laterOption(
    lossWeight,
    later.teacherLabelWeight,
    'Weight g of the teachers’ own cross-entropy; 0 leaves the weights to distillation.',
  ),
  balance: laterOption(
    z.enum(['ramp', 'shift']),
    later.balance,
    'ramp: distillation fades in beside the cross-entropy; shift: weight moves from cross-entropy to distillation, in steps.',
  ),
  shiftEpochs: laterOption(
    z.int().min(1).max(10_000).nullable(),
    null,
    'shift: epochs n from one step to the next; null is 5/300 of the run, at least 1.',
  ),
  shiftShare: laterOption(
    z.number().min(0).max(1),
    later.shiftShare,
    'shift: share s of the weight that has moved to distillation by the end.',
  ),
  rampUpEpochs: rampUpEpochsRange
    .nullable()
    .default(null)
    .describe(
      'ramp: epochs R over which distillation fades in as exp(-5 (1 - e/R)^2); 0 is none; null is 80/300 of the run.',
    ),
  teacherGradient: z
    .enum(['full', 'weights', 'none'])
    .default('full')
    .describe(
      'full: teachers are ordinary tensors; weights: logits and features inside teachers are constants, so teachers reach only the weight network; none: as weights, and distillation does not reach teachers either.',
    ),
})

type MateOptions = z.output<typeof options>

const evidence: readonly Evidence[] = [
  {
    options: ['keyDimension', 'temperature', 'alpha'],
    text: 'An eighth of the feature width, T = 3, weight 1: the group’s OKDDip code (AAAI 2020) and its code of 2021 agree. The paper’s values are not known.',
  },
  {
    options: ['scaled'],
    text: 'true: Vaswani et al. (NeurIPS 2017), whom the paper cites. false: OKDDip, and the lab’s code of 2021, which removed the scale in one of its commits.',
  },
  {
    options: ['bias'],
    text: 'false: OKDDip. true: the lab’s code of 2021.',
  },
  {
    options: ['teacherGradient'],
    text: 'full: OKDDip, whose teachers are not detached. weights: the lab’s code of 2021 detaches features and logits but not the teacher. none: no source; for comparison.',
  },
  {
    options: ['teacherLabelWeight'],
    text: '1: this project’s own choice, so that the weights learn from labels as ONE’s gate does. 0: the lab’s code of 2021, and OKDDip’s peers.',
  },
  {
    options: ['balance', 'rampUpEpochs'],
    text: 'ramp: OKDDip, 80 of its 300 epochs.',
  },
  {
    options: ['balance', 'shiftEpochs', 'shiftShare'],
    text: 'shift: the lab’s code of 2021, a step every 5 of its 300 epochs, up to 0.9.',
  },
  {
    options: ['primaryWeight'],
    text: 'The abstract says “mainly from its primary teacher”, and the framework figure draws that line thicker. The value 0.5 is this project’s.',
  },
]

export const mate: Method<typeof options> = {
  name: 'mate',
  title: 'MATE (reconstruction)',
  citation:
    'W. Sun, D. Chen, C. Wang, D. Ye, Y. Feng, C. Chen. Multi-exit self-distillation with appropriate teachers. Frontiers of Information Technology & Electronic Engineering 25(4):585-599, 2024. https://doi.org/10.1631/FITEE.2200644',
  summary:
    'One ensemble teacher per exit: self-attention over the exits’ features decides, image by image, whose logits each teacher draws on, and every exit learns from all teachers, mainly from its own. Reconstructed from the abstract and the framework figure; the paper’s equations are not openly available.',
  options,
  presets: [
    {
      name: 'lab-2021',
      summary:
        'The choices of the lab’s own unpublished attention self-distillation of 2021, the closest public code to MATE’s weight network.',
      options: {
        temperature: 3,
        alpha: 1,
        keyDimension: null,
        scaled: false,
        bias: true,
        teacherLabelWeight: 0,
        balance: 'shift',
        shiftEpochs: null,
        shiftShare: 0.9,
        teacherGradient: 'weights',
      },
    },
  ],
  evidence,
  minimumExits: 2,
  canonical,
  trainingMacs({ keyDimension }, featureWidths) {
    const width = featureWidths.at(-1) ?? 0
    const attended = attentionMacs(featureWidths.length, width, keyDimension ?? defaultKeyDimension(width))
    return projectionMacs(featureWidths) + attended
  },

  bind(options, context) {
    const { temperature, alpha, primaryWeight, scaled, teacherGradient } = options
    const {
      bias = later.bias,
      teacherLabelWeight = later.teacherLabelWeight,
      balance = later.balance,
    } = options
    const exits = context.exits.length
    const featureWidth = context.exits.at(-1)?.featureWidth ?? 1
    const distillationShare = shareOverEpochs(options, context.epochs)
    const random = createRandom(context.seed, 'method-weights')
    const projection = createFeatureProjection(context, random)
    const attention = createExitAttention({
      featureWidth,
      keyDimension: options.keyDimension ?? defaultKeyDimension(featureWidth),
      scaled,
      bias,
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

        const share = distillationShare(input.epoch)
        const labels = balance === 'shift' ? 1 - share : 1
        const ce = exitCrossEntropies(input)
        const teacherCe = tf.unstack(teachers, 1).map((teacher) => {
          const loss = crossEntropy(teacher as tf.Tensor2D, input.targets)
          return weighted(loss, labels * teacherLabelWeight)
        })

        const pairs = pairwiseKlDivergence(insideDistillation(teachers), logits, temperature) // [K, K]
        const scale = alpha * share * temperature ** 2
        const kd = tf
          .unstack(tf.mul(tf.sum(tf.mul(pairs, tf.tensor2d(shares, [exits, exits])), 0), scale))
          .map((term) => term as tf.Scalar)

        return {
          total: total([...ce.map((loss) => weighted(loss, labels)), ...teacherCe, ...kd]),
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

/**
 * Later options that say what their absence says are left out, and so are those of a shift under the ramp. A shift is spelled
 * out, as its preset has it since it came, and the ramp's length is none of its options.
 */
function canonical(options: MateOptions): MateOptions {
  const {
    bias,
    teacherLabelWeight,
    balance,
    shiftEpochs = null,
    shiftShare = later.shiftShare,
    ...rest
  } = options
  return {
    ...rest,
    ...(bias === undefined || bias === later.bias ? {} : { bias }),
    ...(teacherLabelWeight === undefined || teacherLabelWeight === later.teacherLabelWeight
      ? {}
      : { teacherLabelWeight }),
    ...(balance === 'shift' ? { balance, shiftEpochs, shiftShare, rampUpEpochs: null } : {}),
  }
}

/** w(e), for epochs that count from 0 with fractions. */
function shareOverEpochs(options: MateOptions, epochs: number): (epoch: number) => number {
  const { balance = later.balance, shiftShare = later.shiftShare, rampUpEpochs } = options
  if (balance === 'ramp') {
    const length = rampUpEpochs ?? defaultRampUpEpochs(epochs)
    return (epoch) => rampUp(epoch, length)
  }
  const every = options.shiftEpochs ?? Math.max(1, Math.round((5 / 300) * epochs))
  return (epoch) => (shiftShare * every * Math.floor((Math.floor(epoch) + 1) / every)) / epochs
}

/** Weight of KD(t_i, z_k) at row i, column k: p on the diagonal, (1 - p) / (K - 1) elsewhere. [K * K] */
function teacherShares(exits: number, primaryWeight: number): Float32Array {
  const shares = new Float32Array(exits * exits).fill((1 - primaryWeight) / (exits - 1))
  for (let k = 0; k < exits; k++) shares[k * exits + k] = primaryWeight
  return shares
}
