/**
 * CL-ILR, collaborative learning: each exit learns from the mean of the others' logits, and what they share of the network
 * gets the mean of their gradients.
 *
 * Song, Chai, "Collaborative Learning for Deep Neural Networks", NeurIPS 2018, arXiv:1805.11761, as its comparison in
 * OKDDip's code has it (github.com/DefangChen/OKDDip at c052f5b, train_one.py and models/model_cifar/resnet_one.py with
 * `--avg --bpscale`; the authors published none):
 *
 *   L = sum_k [ CE(z_k, y) + alpha w(e) KD( [1 / (K - 1) sum_{j != k} z_j], z_k ) ]
 *   KD(t, z) = T^2 KL(softmax(t / T) || softmax(z / T)),  w(e) = exp(-5 (1 - min(e, 80) / 80)^2);  T = 3, alpha = 1
 *   [.] is a constant
 *
 * Soft targets are constants in the paper, according to two re-implementations in TensorFlow: one stops the gradient there,
 * the other does not and calls that a difference. OKDDip's code does not stop it, which `teacherGradient: full` repeats. T,
 * alpha and the ramp are OKDDip's; the first of the two has T = 2 and weighs labels and soft targets by halves.
 *
 * The gradient that H heads send into the layers below them is divided by H (the paper's backpropagation rescaling). The
 * source's heads all stand at one place; exits do not, and each layer here gets the mean of what the exits behind it send
 * back, which is the same where they all stand at one place (`sharedGradient`, `gradient-equilibrium.ts`). The ramp's 80 of 300 epochs becomes the same share of a run of any length.
 *
 * Not copied: the code's teacher of the first head, which leaves out that head only because a loop starts there.
 * Applied to exits of different depth this is another architecture, for which no numbers are published.
 */
import * as tf from '@tensorflow/tfjs-core'
import { z } from 'zod'
import { exitCrossEntropies, exitTerms, total, weighted } from './exit-terms.ts'
import { gradientEquilibrium } from './gradient-equilibrium.ts'
import { klDivergence } from './loss/kl-divergence.ts'
import type { Method } from './method.ts'
import { lossWeight, rampUpEpochsRange, temperature } from './option-ranges.ts'
import { defaultRampUpEpochs, rampUp } from './ramp-up.ts'
import { stopGradient } from './stop-gradient.ts'

const options = z.strictObject({
  name: z.literal('cl-ilr'),
  temperature: temperature.default(3).describe('Softening T of teachers and exits.'),
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
      'none: an exit’s teacher is a constant, as in the paper; full: distillation moves the exits that teach too, as in OKDDip’s code.',
    ),
  sharedGradient: z
    .enum(['mean', 'sum'])
    .default('mean')
    .describe(
      'What a layer gets from the exits after it: the mean of their gradients, or, as usual, the sum.',
    ),
})

export const clIlr: Method<typeof options> = {
  name: 'cl-ilr',
  title: 'Collaborative learning over exits (CL-ILR)',
  citation:
    'G. Song, W. Chai. Collaborative Learning for Deep Neural Networks. NeurIPS 2018. https://arxiv.org/abs/1805.11761',
  summary:
    'Each exit learns from the mean of the other exits’ logits; layers shared by several exits get the mean of their gradients, so that they do not take larger steps than the rest.',
  options,
  minimumExits: 2,

  needs: ({ sharedGradient }, { exits }) =>
    sharedGradient === 'mean' ? { gradientScales: gradientEquilibrium(exits) } : {},

  bind(options, context) {
    const { temperature, alpha, teacherGradient } = options
    const others = context.exits.length - 1
    const rampUpEpochs = options.rampUpEpochs ?? defaultRampUpEpochs(context.epochs)
    return {
      parameters: [],
      loss(input) {
        const logits = input.outputs.map((output) => output.logits) // K x [B, C]
        const everybody = tf.addN([...logits]) // [B, C]
        const ce = exitCrossEntropies(input)
        const scale = alpha * rampUp(input.epoch, rampUpEpochs) * temperature ** 2
        const kd = logits.map((student) => {
          const mean = tf.div<tf.Tensor2D>(tf.sub(everybody, student), others) // [B, C]
          const teacher = teacherGradient === 'none' ? stopGradient(mean) : mean
          return weighted(klDivergence(teacher, student, temperature), scale)
        })
        return { total: total([...ce, ...kd]), terms: { ...exitTerms('ce', ce), ...exitTerms('kd', kd) } }
      },
      dispose() {},
    }
  },
}
