/**
 * Snapshot distillation: training goes in cycles, and from the second on the network that ended the cycle before teaches.
 *
 * Yang, Xie, Su, Yuille, "Snapshot Distillation: Teacher-Student Optimization in One Generation", CVPR 2019, p. 2859-2868,
 * arXiv:1812.00123. With c_k the logits of the frozen network, in inference, and applied to every exit:
 *
 *   L = sum_k CE(z_k, y)                                                                     in the first cycle
 *   L = sum_k [ (1 + 1/T) CE(z_k, y) + T^2 H(softmax(c_k / T), softmax(z_k / T)) ]           after it
 *
 * The paper's text was not open to us, and its authors published no code. The abstract says that the last snapshot of each
 * cycle of a cyclic learning rate teaches all of the next cycle, and that its signal is smoothed. Weights, T = 3 and four
 * cycles are those of the implementation by MATE's own lab (github.com/DefangChen/Self-KD, train_SD.py at 0835798), which
 * gives the cross-entropy 1 + 1/T. A learning rate that goes with it is the schedule `cyclic-cosine` with as many cycles.
 *
 * Not copied: that implementation multiplies the distillation by T^2 twice; and its cycles end after a whole number of
 * steps, where here they end after a whole number of epochs, the nearest. `softensStudent: false` softens the teacher alone,
 * without T^2.
 */
import * as tf from '@tensorflow/tfjs-core'
import { z } from 'zod'
import { exitCrossEntropies, exitTerms, total } from './exit-terms.ts'
import { softCrossEntropy } from './loss/cross-entropy.ts'
import type { Method } from './method.ts'
import { temperature } from './option-ranges.ts'

const options = z.strictObject({
  name: z.literal('snapshot'),
  cycles: z
    .int()
    .min(2)
    .max(100)
    .default(4)
    .describe('Cycles of the run; each ends with a snapshot that teaches the next.'),
  temperature: temperature.default(3).describe('Softening T of the snapshot’s prediction.'),
  softensStudent: z
    .boolean()
    .default(true)
    .describe('Also soften the student’s prediction, and weight the term by T^2.'),
})

export const snapshot: Method<typeof options> = {
  name: 'snapshot',
  title: 'Snapshot distillation',
  citation:
    'C. Yang, L. Xie, C. Su, A. L. Yuille. Snapshot Distillation: Teacher-Student Optimization in One Generation. CVPR 2019, 2859-2868. https://arxiv.org/abs/1812.00123',
  summary:
    'Training runs in learning-rate cycles. Every exit learns from the labels and from its own state at the end of the previous cycle, kept as a frozen copy of the network.',
  options,
  minimumExits: 1,
  needs: ({ cycles }, { epochs }) => ({
    copy: { isTaken: (epochsDone) => isCycleEnd(epochsDone, cycles, epochs) },
  }),

  bind({ temperature: T, softensStudent }) {
    return {
      parameters: [],
      loss(input) {
        const { copy } = input
        const ce = exitCrossEntropies(input)
        const labels = ce.map((loss) => tf.mul(loss, copy ? 1 + 1 / T : 1) as tf.Scalar)
        const kd = input.outputs.map(({ logits }, k) => {
          const teacher = copy?.[k]?.logits
          if (!teacher) return tf.scalar(0)
          if (softensStudent) return tf.mul(softCrossEntropy(teacher, logits, T), T ** 2) as tf.Scalar
          return softCrossEntropy(tf.div(teacher, T), logits, 1)
        })
        return {
          total: total([...labels, ...kd]),
          terms: { ...exitTerms('ce', ce), ...exitTerms('kd', kd) },
        }
      },
      dispose() {},
    }
  },
}

/** Whether a cycle that another follows ends after so many epochs. A cycle has at least one epoch. */
function isCycleEnd(epochsDone: number, cycles: number, epochs: number): boolean {
  if (epochsDone >= epochs) return false
  return Array.from({ length: cycles - 1 }, (_, c) =>
    Math.max(1, Math.round((epochs * (c + 1)) / cycles)),
  ).includes(epochsDone)
}
