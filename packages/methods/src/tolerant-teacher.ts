/**
 * Tolerant teacher: a first generation that is kept from being too sure of itself, and students that learn from it.
 *
 * Yang, Xie, Qiao, Yuille, "Training Deep Neural Networks in Generations: A More Tolerant Teacher Educates Better
 * Students", AAAI 2019, arXiv:1805.05551. Without a teacher (the first generation, the paper's patriarch):
 *
 *   L = sum_k [ CE(z_k, y) + h (p_k(1) - 1/(m - 1) sum_{c = 2}^{m} p_k(c)) ],  p_k(c) the c-th largest of softmax(z_k)
 *
 * with m = 5 and h = 0.6: the gap between the first class and the next m - 1 is made small, so that secondary classes show.
 * Which classes are the largest is a constant of the step; the gradient flows through their probabilities.
 * With a teacher t (the generations after it):
 *
 *   L = sum_k [ CE(z_k, y) + l KL(softmax(t) || softmax(z_k)) ]
 *
 * The authors have published no code. The weight l of a student was not in any text that could be opened: 1, the balance
 * of born-again networks, is a choice made here. The gap's weight `toleranceWeight` is 0 for students unless it is set.
 */
import * as tf from '@tensorflow/tfjs-core'
import { z } from 'zod'
import { exitCrossEntropies, exitTerms, total } from './exit-terms.ts'
import { klDivergence } from './loss/kl-divergence.ts'
import type { Method } from './method.ts'
import { lossWeight } from './option-ranges.ts'
import { constant } from './stop-gradient.ts'
import { matchingProblems, teacherExit, teacherLogits } from './teacher-logits.ts'
import { teacherReference } from './teacher-reference.ts'

const options = z.strictObject({
  name: z.literal('tolerant-teacher'),
  teacher: teacherReference
    .nullable()
    .default(null)
    .describe('The previous generation; null for the first one, which is made tolerant.'),
  teacherExit,
  teacherWeight: lossWeight.default(1).describe('Weight λ of the teacher, where there is one.'),
  toleranceWeight: lossWeight
    .nullable()
    .default(null)
    .describe('Weight h of the gap; null for 0.6 without a teacher and 0 with one.'),
  topClasses: z
    .int()
    .min(2)
    .max(1000)
    .default(5)
    .describe('m: how many classes the gap is computed over; at most as many as the dataset has.'),
})

export const tolerantTeacher: Method<typeof options> = {
  name: 'tolerant-teacher',
  title: 'Tolerant teacher',
  citation:
    'C. Yang, L. Xie, S. Qiao, A. L. Yuille. Training Deep Neural Networks in Generations: A More Tolerant Teacher Educates Better Students. AAAI 2019. https://arxiv.org/abs/1805.05551',
  summary:
    'The first generation learns to leave some probability to the runner-up classes; each later generation learns from the previous one.',
  options,
  minimumExits: 1,
  teachers: ({ teacher }) => (teacher === null ? [] : [teacher]),
  problems: (chosen, exits, teacherExits) => matchingProblems(chosen.teacherExit, exits, teacherExits),

  bind({ teacher, teacherExit: which, teacherWeight, toleranceWeight, topClasses }, { classes }) {
    const tolerance = toleranceWeight ?? (teacher === null ? 0.6 : 0)
    const top = Math.min(topClasses, classes)
    return {
      parameters: [],
      loss(input) {
        const ce = exitCrossEntropies(input)
        const gaps =
          tolerance > 0
            ? input.outputs.map(({ logits }) => tf.mul(meanGap(logits, top), tolerance) as tf.Scalar)
            : []
        const taught =
          teacher === null
            ? []
            : teacherLogits(input, which).map((logits, k) => {
                const student = input.outputs[k]?.logits ?? logits
                return tf.mul(klDivergence(logits, student, 1), teacherWeight) as tf.Scalar
              })
        return {
          total: total([...ce, ...gaps, ...taught]),
          terms: { ...exitTerms('ce', ce), ...exitTerms('gap', gaps), ...exitTerms('kd', taught) },
        }
      },
      dispose() {},
    }
  },
}

/** p(1) minus the mean of p(2) to p(m), mean over the batch. */
function meanGap(logits: tf.Tensor2D, m: number): tf.Scalar {
  const probabilities = tf.softmax(logits) // [B, C]
  const weights = constant(() => {
    const { indices } = tf.topk(logits, m) // [B, m]
    const ranks = tf.oneHot(indices, logits.shape[1]) // [B, m, C]
    const ofRank = tf.tensor1d(Array.from({ length: m }, (_, i) => (i === 0 ? 1 : -1 / (m - 1))))
    return tf.sum(tf.mul(tf.cast(ranks, 'float32'), tf.reshape(ofRank, [1, m, 1])), 1) // [B, C]
  })
  return tf.div(tf.sum(tf.mul(probabilities, weights)), logits.shape[0])
}
