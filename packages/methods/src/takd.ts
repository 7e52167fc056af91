/**
 * Teacher-assistant distillation: networks of sizes in between learn from the teacher, one after the other, and the last
 * of them teaches the student.
 *
 * Mirzadeh, Farajtabar, Li, Levine, Matsukawa, Ghasemzadeh, "Improved Knowledge Distillation via Teacher Assistant",
 * AAAI 2020, arXiv:1902.03393, equation 3; for student and assistants alike:
 *
 *   L = sum_k [ (1 - l) CE(z_k, y) + l T^2 KL(softmax(t / T) || softmax(z_k / T)) ]
 *
 * The chain is one of specs: an assistant's spec has this method too and names its own teacher; the largest network's spec
 * has another method, such as `joint`. `mate-bench run` trains them in order.
 *
 * From the authors' code (github.com/imirzadeh/Teacher-Assistant-Knowledge-Distillation, 7d4739d: train.py,
 * search_space.json): it searches l in 0.05 to 1 and T in 1, 2, 5, 10, 15, 20 and keeps the best of a test split, without a
 * record of which; l = 0.5 and T = 5 are choices made here. Its KL divides by batch and classes (PyTorch's default `mean`),
 * which `klReduction: elements` repeats. Not repeated: its warm-down compares an epoch with half of itself, so that its
 * learning rate starts at 0.01 and never is 0.1.
 */
import * as tf from '@tensorflow/tfjs-core'
import { z } from 'zod'
import { exitCrossEntropies, exitTerms, total } from './exit-terms.ts'
import { klReduction, klScale } from './kl-reduction.ts'
import { klDivergence } from './loss/kl-divergence.ts'
import type { Method } from './method.ts'
import { temperature } from './option-ranges.ts'
import { matchingProblems, teacherExit, teacherLogits } from './teacher-logits.ts'
import { teacherReference } from './teacher-reference.ts'

const options = z.strictObject({
  name: z.literal('takd'),
  teacher: teacherReference
    .default({ seed: 'same' })
    .describe(
      'The network next in size: the last assistant for the student, the one before it for an assistant.',
    ),
  teacherExit,
  lambda: z.number().min(0).max(1).default(0.5).describe('Weight λ of the teacher; the labels have 1 - λ.'),
  temperature: temperature.default(5).describe('Temperature T of both softmaxes.'),
  klReduction,
})

export const takd: Method<typeof options> = {
  name: 'takd',
  title: 'Teacher-assistant distillation',
  citation:
    'S. I. Mirzadeh, M. Farajtabar, A. Li, N. Levine, A. Matsukawa, H. Ghasemzadeh. Improved Knowledge Distillation via Teacher Assistant. AAAI 2020. https://arxiv.org/abs/1902.03393',
  summary:
    'When the teacher is much larger than the student, networks of intermediate size pass its knowledge on, one to the next.',
  options,
  minimumExits: 1,
  teachers: ({ teacher }) => [teacher],
  problems: (chosen, exits, teacherExits) => matchingProblems(chosen.teacherExit, exits, teacherExits),

  bind({ teacherExit: which, lambda, temperature: T, klReduction: reduction }, { classes }) {
    const weight = lambda * T ** 2 * klScale(reduction, classes)
    return {
      parameters: [],
      loss(input) {
        const ce = exitCrossEntropies(input)
        const taught = teacherLogits(input, which).map((teacher, k) => {
          const student = input.outputs[k]?.logits ?? teacher
          return tf.mul(klDivergence(teacher, student, T), weight) as tf.Scalar
        })
        return {
          total: total([...ce.map((loss) => tf.mul(loss, 1 - lambda) as tf.Scalar), ...taught]),
          terms: { ...exitTerms('ce', ce), ...exitTerms('kd', taught) },
        }
      },
      dispose() {},
    }
  },
}
