/**
 * ONE over exits: a gate makes one teacher of all exits, and every exit learns from it.
 *
 * Lan, Zhu, Gong, "Knowledge Distillation by On-the-Fly Native Ensemble", NeurIPS 2018, arXiv:1806.04606:
 *
 *   g = softmax(ReLU(BN(s W))),   t = sum_k g_k z_k
 *   L = sum_k CE(z_k, y) + CE(t, y) + alpha w(e) sum_k T^2 KL(softmax(t / T) || softmax(z_k / T))
 *   w(e) = exp(-5 (1 - min(e, 80) / 80)^2),  T = 3, alpha = 1
 *
 * as in the authors' code (github.com/Lan1991Xu/ONE_NeurIPS2018 at 9da95a8: cifar_one.py, loss/kl_loss.py,
 * models/cifar/resnet.py), where the teacher of the divergence is detached. OKDDip's implementation
 * (github.com/DefangChen/OKDDip at c052f5b, train_one.py) does not detach it: `teacherGradient`.
 *
 * s is the pooled map that all branches share. What all exits share is the backbone up to the first of them, so s is the
 * feature vector f_1, which depends on nothing else. ONE's branches are copies of the last stage; exits differ in depth,
 * and no numbers are published for it. Not copied: a bias before the batch norm, which takes it off again; 1e-7 added to the
 * teacher's probabilities. The ramp's 80 of 300 epochs becomes the same share of a run of any length.
 */
import { createRandom } from '@mate-bench/stats'
import * as tf from '@tensorflow/tfjs-core'
import { z } from 'zod'
import { exitCrossEntropies, exitTerms, stackLogits, total, weighted } from './exit-terms.ts'
import { disposeParameters } from './feature-projection.ts'
import { createLinearMap } from './linear-map.ts'
import { crossEntropy } from './loss/cross-entropy.ts'
import { klDivergence } from './loss/kl-divergence.ts'
import type { Method } from './method.ts'
import { lossWeight, rampUpEpochsRange, temperature } from './option-ranges.ts'
import { defaultRampUpEpochs, rampUp } from './ramp-up.ts'
import { stopGradient } from './stop-gradient.ts'
import { createTrainingBatchNorm } from './training-batch-norm.ts'

const options = z.strictObject({
  name: z.literal('one'),
  temperature: temperature.default(3).describe('Softening T of teacher and exits.'),
  alpha: lossWeight.default(1).describe('Weight of distillation against cross-entropy.'),
  rampUpEpochs: rampUpEpochsRange
    .nullable()
    .default(null)
    .describe(
      'Epochs over which distillation fades in as exp(-5 (1 - e/R)^2); 0 is none; null is 80/300 of the run.',
    ),
  teacherGradient: z
    .enum(['none', 'full'])
    .default('none')
    .describe(
      'none: distillation takes the teacher for a constant, as the authors’ code does; full: it moves the teacher too, as OKDDip’s implementation does.',
    ),
})

export const one: Method<typeof options> = {
  name: 'one',
  title: 'ONE over exits',
  citation:
    'X. Lan, X. Zhu, S. Gong. Knowledge Distillation by On-the-Fly Native Ensemble. NeurIPS 2018. https://arxiv.org/abs/1806.04606',
  summary:
    'A gate on the shared features combines the exits’ logits, image by image, into one teacher, which learns from the labels and teaches every exit.',
  options,
  minimumExits: 2,
  trainingMacs: (_, featureWidths) => (featureWidths[0] ?? 0) * featureWidths.length,

  bind(options, context) {
    const { temperature, alpha, teacherGradient } = options
    const exits = context.exits.length
    const rampUpEpochs = options.rampUpEpochs ?? defaultRampUpEpochs(context.epochs)
    const random = createRandom(context.seed, 'method-weights')
    const gate = createLinearMap(context.exits[0]?.featureWidth ?? 1, exits, random)
    const norm = createTrainingBatchNorm('gate', exits)
    const parameters = [{ name: 'gate.weight', variable: gate }, ...norm.parameters]
    const insideDistillation = teacherGradient === 'none' ? stopGradient : <T extends tf.Tensor>(x: T) => x

    return {
      parameters,
      loss(input) {
        const logits = input.outputs.map((output) => output.logits) // K x [B, C]
        const shared = input.outputs[0]?.feature as tf.Tensor2D // [B, D_1]
        const scores = norm.normaliseRelu(tf.matMul(shared, gate as tf.Tensor2D)) // [B, K]
        const weights = tf.reshape<tf.Rank.R3>(tf.softmax(scores), [-1, 1, exits]) // [B, 1, K]
        const teacher = tf.squeeze<tf.Tensor2D>(tf.matMul(weights, stackLogits(logits)), [1]) // [B, C]

        const ce = exitCrossEntropies(input)
        const teacherCe = crossEntropy(teacher, input.targets)
        const scale = alpha * rampUp(input.epoch, rampUpEpochs) * temperature ** 2
        const taught = insideDistillation(teacher)
        const kd = logits.map((student) => weighted(klDivergence(taught, student, temperature), scale))
        return {
          total: total([...ce, teacherCe, ...kd]),
          terms: { ...exitTerms('ce', ce), teacherCe, ...exitTerms('kd', kd) },
        }
      },
      dispose: () => disposeParameters(parameters),
    }
  },
}
