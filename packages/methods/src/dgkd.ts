/**
 * Densely guided distillation: the student learns from the teacher and from every assistant at once, and so does each
 * assistant from all that are larger.
 *
 * Son, Na, Choi, Hwang, "Densely Guided Knowledge Distillation Using Multiple Teacher Assistants", ICCV 2021,
 * arXiv:2009.08825; with n teachers t_1..t_n, the largest first:
 *
 *   L = sum_k [ n (1 - l) CE(z_k, y) + l T^2 sum_{i in S} KL(softmax(t_i / T) || softmax(z_k / T)) ]
 *
 * Each teacher brings labels of its own, (1 - l) CE, which stay when the teacher is left out. S is all teachers, or, with
 * `dropTeachers` d > 0 (the stochastic form), n - d of them, drawn anew for each step. The paper draws for each assistant
 * whether it stays; here their number is fixed, as in the authors' code. t_1 always stays in the paper (`dropFrom: assistants`).
 *
 * The authors' code (github.com/wonchulSon/DGKD, train.py at 2599350) differs: labels stand once whatever n is
 * (`labelWeight: once`), and t_1 may be left out too (`dropFrom: all`). A fork of TAKD's, it stops at an argument that does
 * not exist. Its defaults are T = 5, as here, l = 1, which leaves out the labels, and d = 1; l = 0.5 and d = 0 are choices made
 * here. Its KL divides by batch and classes, which `klReduction: elements` repeats.
 * Draws come from the run's seed and the count of steps.
 */
import { createRandom } from '@mate-bench/stats'
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
  name: z.literal('dgkd'),
  teachers: z
    .array(teacherReference)
    .max(8)
    .default([])
    .describe('The teacher and all assistants, each the run of a spec of its own; the largest first.'),
  teacherExit,
  lambda: z.number().min(0).max(1).default(0.5).describe('Weight λ of each teacher; the labels have 1 - λ.'),
  labelWeight: z
    .enum(['per-teacher', 'once'])
    .default('per-teacher')
    .describe(
      'per-teacher: the labels have 1 - λ for each of the n teachers, as in the paper; once: 1 - λ in all, as in its code.',
    ),
  temperature: temperature.default(5).describe('Temperature T of both softmaxes.'),
  dropTeachers: z
    .int()
    .min(0)
    .max(7)
    .default(0)
    .describe('How many teachers, drawn at random, are left out of each step.'),
  dropFrom: z
    .enum(['assistants', 'all'])
    .default('assistants')
    .describe(
      'Who may be left out: every teacher but the first, as in the paper, or any of them, as in its code.',
    ),
  klReduction,
})

export const dgkd: Method<typeof options> = {
  name: 'dgkd',
  title: 'Densely guided distillation',
  citation:
    'W. Son, J. Na, J. Choi, W. Hwang. Densely Guided Knowledge Distillation Using Multiple Teacher Assistants. ICCV 2021. https://arxiv.org/abs/2009.08825',
  summary:
    'The teacher and all assistants teach the student at once, so that one assistant’s mistakes are not handed down the chain.',
  options,
  minimumExits: 1,
  teachers: ({ teachers }) => teachers,
  problems({ teacherExit: which, dropTeachers, dropFrom }, exits, teacherExits) {
    if (teacherExits === undefined) return []
    if (teacherExits.length === 0) {
      return [{ option: 'teachers', message: 'It names no teacher.', hint: 'List at least one.' }]
    }
    const fromAll = dropFrom === 'all'
    const choice = teacherExits.length - (fromAll ? 0 : 1)
    if (dropTeachers > 0 && dropTeachers >= choice) {
      return [
        {
          option: 'dropTeachers',
          message: `Of ${choice} ${fromAll ? 'teachers' : 'assistants'}, ${dropTeachers} can't be left out.`,
          hint: fromAll
            ? 'At least one must stay.'
            : 'At least one must stay; with dropFrom "all" the first teacher may be left out too.',
        },
      ]
    }
    return matchingProblems(which, exits, teacherExits)
  },

  bind(options, context) {
    const { teacherExit: which, lambda, temperature: T, dropTeachers, dropFrom, labelWeight } = options
    const { klReduction: reduction } = options
    const weight = lambda * T ** 2 * klScale(reduction, context.classes)
    let steps = 0
    const staying = (teachers: number) => {
      const all = Array.from({ length: teachers }, (_, i) => i)
      if (dropTeachers === 0) return all
      const [always, others] = dropFrom === 'all' ? [[], all] : [all.slice(0, 1), all.slice(1)]
      const drawn = createRandom(context.seed, 'teachers', steps).shuffle(others).slice(dropTeachers)
      return [...always, ...drawn].sort((a, b) => a - b)
    }
    return {
      parameters: [],
      loss(input) {
        const ce = exitCrossEntropies(input)
        const count = input.teachers?.length ?? 0 // n
        const labels = (1 - lambda) * (labelWeight === 'once' ? 1 : count)
        const teachers = staying(count).map((i) => teacherLogits(input, which, i)) // |S| x K x [B, C]
        const taught = input.outputs.map(({ logits }, k) => {
          const losses = teachers.map((teacher) => klDivergence(teacher[k] ?? logits, logits, T))
          return tf.mul(total(losses), weight) as tf.Scalar
        })
        return {
          total: total([...ce.map((loss) => tf.mul(loss, labels) as tf.Scalar), ...taught]),
          terms: { ...exitTerms('ce', ce), ...exitTerms('kd', taught) },
        }
      },
      afterStep() {
        steps++
      },
      state: () => ({ steps }),
      restore(state) {
        steps = state.steps ?? 0
      },
      dispose() {},
    }
  },
}
