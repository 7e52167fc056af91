/**
 * Knowledge distillation: every exit learns from the labels and from the softened output of a frozen teacher.
 *
 * Hinton, Vinyals, Dean, "Distilling the Knowledge in a Neural Network", 2015, arXiv:1503.02531, section 2:
 *
 *   L = sum_k [ (1 - a) CE(z_k, y) + a T^2 KL(softmax(t / T) || softmax(z_k / T)) ]
 *
 * with t the logits of the teacher's last exit. T^2 keeps the two gradients in proportion when T changes, as the paper
 * says; it names no weights, only "considerably lower" ones for the labels. Defaults are those of the comparison that most
 * of the field cites (Tian, Krishnan, Isola, ICLR 2020; github.com/HobbitLong/RepDistiller, 1e2f816: distiller_zoo/KD.py,
 * KL summed over classes and averaged over the batch): a = 0.9, T = 4.
 *
 * What differs: the sources teach one classifier; here each exit is taught alike, and the losses are added up.
 */
import * as tf from '@tensorflow/tfjs-core'
import { z } from 'zod'
import { exitCrossEntropies, exitTerms, total } from './exit-terms.ts'
import { klDivergence } from './loss/kl-divergence.ts'
import type { Method } from './method.ts'
import { temperature } from './option-ranges.ts'
import { matchingProblems, teacherExit, teacherLogits } from './teacher-logits.ts'
import { teacherReference } from './teacher-reference.ts'

const options = z.strictObject({
  name: z.literal('kd'),
  teacher: teacherReference.default({ seed: 'same' }),
  teacherExit,
  alpha: z.number().min(0).max(1).default(0.9).describe('Weight a of the teacher; the labels have 1 - a.'),
  temperature: temperature.default(4).describe('Temperature T of both softmaxes.'),
})

export const kd: Method<typeof options> = {
  name: 'kd',
  title: 'Knowledge distillation',
  citation:
    'G. Hinton, O. Vinyals, J. Dean. Distilling the Knowledge in a Neural Network. 2015. https://arxiv.org/abs/1503.02531',
  summary:
    'A frozen, pretrained teacher teaches every exit through its softened output, alongside the labels.',
  options,
  minimumExits: 1,
  teachers: ({ teacher }) => [teacher],
  problems: (chosen, exits, teacherExits) => matchingProblems(chosen.teacherExit, exits, teacherExits),

  bind({ teacherExit: which, alpha, temperature: T }) {
    return {
      parameters: [],
      loss(input) {
        const ce = exitCrossEntropies(input)
        const taught = teacherLogits(input, which).map((teacher, k) => {
          const student = input.outputs[k]?.logits ?? teacher
          return tf.mul(klDivergence(teacher, student, T), alpha * T ** 2) as tf.Scalar
        })
        return {
          total: total([...ce.map((loss) => tf.mul(loss, 1 - alpha) as tf.Scalar), ...taught]),
          terms: { ...exitTerms('ce', ce), ...exitTerms('kd', taught) },
        }
      },
      dispose() {},
    }
  },
}
