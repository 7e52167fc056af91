/**
 * Distillation-based training of Phuong and Lampert: the last exit teaches the shallower ones at a temperature
 * that rises whenever the teacher becomes too sure of itself.
 *
 * Phuong and Lampert, "Distillation-Based Training for Multi-Exit Architectures", ICCV 2019, doi
 * 10.1109/ICCV.2019.00144, eq. 1, 2, 4, 5 and Algorithm 1:
 *
 *   L = 1/K sum_k CE(z_k, y) + 1/K sum_k 1/|T(k)| sum_{t in T(k)} l_T(p_t, p_k)
 *   l_T(t, s) = -T^2 sum_c t_c^{1/T} log s_c^{1/T},  T(k) = {K} for k < K, T(K) empty; teachers are detached
 *   T starts at 1; after a batch whose mean teacher confidence at T exceeds mu, T <- 1.05 T
 *
 * Defaults follow the paper: mu = 0.5 is its value for CIFAR-100 (0.1 for ImageNet). `teachers: later` is
 * its variant with all later exits as teachers (appendix A.2, "very similar accuracy"). A constant temperature of
 * 4, as in its ablation, is `initialTemperature` 4 with `temperatureGrowth` 1.
 *
 * Not copied from the authors' code (github.com/mary-phuong/multiexit-distillation): its scale of 10 / K with
 * halved terms, five times the paper's loss, which it pairs with a fifth of the paper's learning rate and with an
 * unchanged weight decay. Here the loss is the paper's, and so are the learning rates that belong to it.
 */
import * as tf from '@tensorflow/tfjs-core'
import { z } from 'zod'
import { exitCrossEntropies, exitTerms, total } from './exit-terms.ts'
import { softCrossEntropy } from './loss/cross-entropy.ts'
import type { Method } from './method.ts'
import { temperature } from './option-ranges.ts'
import { constant, stopGradient } from './stop-gradient.ts'

const options = z.strictObject({
  name: z.literal('phuong-lampert'),
  teachers: z
    .enum(['last', 'later'])
    .default('last')
    .describe('Who teaches exit k: the last exit alone, or every exit after k.'),
  initialTemperature: temperature.default(1).describe('Temperature T of the first step.'),
  temperatureGrowth: z
    .number()
    .min(1)
    .max(10)
    .default(1.05)
    .describe('Factor on T after a batch with an overconfident teacher; 1 keeps T constant.'),
  maxConfidence: z
    .number()
    .positive()
    .max(1)
    .default(0.5)
    .describe('mu: mean largest probability of the teachers at T above which T grows.'),
})

export const phuongLampert: Method<typeof options> = {
  name: 'phuong-lampert',
  title: 'Distillation-based training (Phuong and Lampert)',
  citation:
    'M. Phuong, C. H. Lampert. Distillation-Based Training for Multi-Exit Architectures. ICCV 2019. https://doi.org/10.1109/ICCV.2019.00144',
  summary:
    'The last exit teaches the shallower ones through its softened output; the temperature rises during training so that the teacher never becomes too confident to be informative.',
  options,
  minimumExits: 2,

  bind({ teachers, initialTemperature, temperatureGrowth, maxConfidence }, context) {
    const exits = context.exits.length
    let temperature = initialTemperature
    /** Positions of the exits that teach exit `index`. */
    const teachersOf = (index: number) =>
      Array.from({ length: exits - index - 1 }, (_, later) => index + 1 + later).slice(
        teachers === 'last' ? -1 : 0,
      )
    /** Positions of all exits that teach anyone. */
    const teaching = teachersOf(0)

    return {
      parameters: [],
      loss(input) {
        const logits = input.outputs.map((output) => output.logits) // K x [B, C]
        const fixed = logits.map((z, index) => (teaching.includes(index) ? stopGradient(z) : z)) // K x [B, C]
        const ce = exitCrossEntropies(input)
        const kd = logits.slice(0, -1).map((student, index) => {
          const losses = teachersOf(index).flatMap((position) => {
            const teacher = fixed[position]
            return teacher === undefined ? [] : [softCrossEntropy(teacher, student, temperature)]
          })
          return tf.mul(total(losses), temperature ** 2 / losses.length / exits) as tf.Scalar
        })
        const teacherConfidence = constant(() => {
          const taught = fixed.filter((_, index) => teaching.includes(index))
          return meanConfidence(taught, temperature)
        })
        return {
          total: total([...ce.map((loss) => tf.div(loss, exits) as tf.Scalar), ...kd]),
          terms: { ...exitTerms('ce', ce), ...exitTerms('kd', kd) },
          observed: { teacherConfidence, temperature: tf.scalar(temperature) },
        }
      },
      afterStep({ teacherConfidence = 0 }) {
        if (teacherConfidence > maxConfidence) temperature *= temperatureGrowth
      },
      state: () => ({ temperature }),
      restore(state) {
        temperature = state.temperature ?? initialTemperature
      },
      dispose() {},
    }
  },
}

/** Mean over batch and teachers of the largest probability at that temperature. */
function meanConfidence(logits: readonly tf.Tensor2D[], temperature: number): tf.Scalar {
  const probabilities = logits.map((z) => tf.softmax(tf.div(z, temperature))) // [B, C]
  return tf.mean(tf.stack(probabilities.map((p) => tf.mean(tf.max(p, 1)))))
}
