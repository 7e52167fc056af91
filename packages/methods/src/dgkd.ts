/**
 * Densely guided distillation: the student learns from the teacher and from every assistant at once, and so does each
 * assistant from all that are larger.
 *
 * Son, Na, Choi, Hwang, "Densely Guided Knowledge Distillation Using Multiple Teacher Assistants", ICCV 2021,
 * arXiv:2009.08825; with n teachers t_1..t_n, the largest first:
 *
 *   L = sum_k [ (1 - l) CE(z_k, y) + l T^2 sum_{i in S} KL(softmax(t_i / T) || softmax(z_k / T)) ]
 *
 * S is all teachers, or, with `dropTeachers` d > 0 (the paper's stochastic form), n - d of them, drawn anew for each step.
 * From the authors' code, a fork of TAKD's in which train.py stops at an argument that does not exist: the loss above, with
 * one l and T for all teachers, whose values it leaves to a search; l = 0.5 and T = 5 are choices made here. Its KL divides by
 * batch and classes, which `klReduction: elements` repeats. Draws come from the run's seed and the count of steps.
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
  lambda: z.number().min(0).max(1).default(0.5).describe('Weight l of each teacher; the labels have 1 - l.'),
  temperature: temperature.default(5).describe('Temperature T of both softmaxes.'),
  dropTeachers: z
    .int()
    .min(0)
    .max(7)
    .default(0)
    .describe('How many teachers are left out of a step, drawn at random.'),
  klReduction,
})

export const dgkd: Method<typeof options> = {
  name: 'dgkd',
  title: 'Densely guided distillation',
  citation:
    'W. Son, J. Na, J. Choi, W. Hwang. Densely Guided Knowledge Distillation Using Multiple Teacher Assistants. ICCV 2021. https://arxiv.org/abs/2009.08825',
  summary:
    'The teacher and all assistants teach the student at once, so that the mistakes of one assistant are not passed on alone.',
  options,
  minimumExits: 1,
  teachers: ({ teachers }) => teachers,
  problems({ teacherExit: which, dropTeachers }, exits, teacherExits) {
    if (teacherExits === undefined) return []
    if (teacherExits.length === 0) {
      return [{ option: 'teachers', message: 'It names no teacher.', hint: 'List at least one.' }]
    }
    if (dropTeachers >= teacherExits.length) {
      return [
        {
          option: 'dropTeachers',
          message: `Of ${teacherExits.length} teachers, ${dropTeachers} can't be left out.`,
          hint: 'At least one must stay.',
        },
      ]
    }
    return matchingProblems(which, exits, teacherExits)
  },

  bind({ teacherExit: which, lambda, temperature: T, dropTeachers, klReduction: reduction }, context) {
    const weight = lambda * T ** 2 * klScale(reduction, context.classes)
    let steps = 0
    const staying = (teachers: number) => {
      const all = Array.from({ length: teachers }, (_, i) => i)
      if (dropTeachers === 0) return all
      return createRandom(context.seed, 'teachers', steps)
        .shuffle(all)
        .slice(dropTeachers)
        .sort((a, b) => a - b)
    }
    return {
      parameters: [],
      loss(input) {
        const ce = exitCrossEntropies(input)
        const teachers = staying(input.teachers?.length ?? 0).map((i) => teacherLogits(input, which, i)) // n x K x [B, C]
        const taught = input.outputs.map(({ logits }, k) => {
          const losses = teachers.map((teacher) => klDivergence(teacher[k] ?? logits, logits, T))
          return tf.mul(total(losses), weight) as tf.Scalar
        })
        return {
          total: total([...ce.map((loss) => tf.mul(loss, 1 - lambda) as tf.Scalar), ...taught]),
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
