/**
 * Born-again networks: a network is trained once more, with what it was before as its teacher.
 *
 * Furlanello, Lipton, Tschannen, Itti, Anandkumar, "Born-Again Neural Networks", ICML 2018, arXiv:1805.04770, section 3:
 *
 *   L = sum_k [ w CE(z_k, y) + H(softmax(t), softmax(z_k)) ]
 *
 * with t the logits of the generation before, at temperature 1, and H the cross-entropy: w = 1 is the paper's BAN+L, w = 0
 * its BAN, which sees the teacher alone. The first generation is trained on labels: its spec has another method, such as
 * `joint`. A later one names the spec of the generation before it as its teacher.
 *
 * What differs: a student here need not have the teacher's architecture, and nothing of the teacher's weights is shared.
 * The paper's two controls, weighting by the teacher's confidence (CWTM) and permuted non-argmax outputs (DKPP), are not
 * here. With exits, `teacherExit: matching` lets exit k learn from exit k of the generation before.
 */
import * as tf from '@tensorflow/tfjs-core'
import { z } from 'zod'
import { exitCrossEntropies, exitTerms, total } from './exit-terms.ts'
import { softCrossEntropy } from './loss/cross-entropy.ts'
import type { Method } from './method.ts'
import { lossWeight } from './option-ranges.ts'
import { matchingProblems, teacherExit, teacherLogits } from './teacher-logits.ts'
import { teacherReference } from './teacher-reference.ts'

const options = z.strictObject({
  name: z.literal('born-again'),
  teacher: teacherReference.default({ seed: 'same' }),
  teacherExit,
  labelWeight: lossWeight
    .default(1)
    .describe("Weight w of the labels' cross-entropy: 1 is BAN+L, 0 is BAN, which sees the teacher alone."),
})

export const bornAgain: Method<typeof options> = {
  name: 'born-again',
  title: 'Born-again networks',
  citation:
    'T. Furlanello, Z. C. Lipton, M. Tschannen, L. Itti, A. Anandkumar. Born-Again Neural Networks. ICML 2018. https://arxiv.org/abs/1805.04770',
  summary:
    'The same network is trained again and again: each generation learns from the labels and from the output of the previous one.',
  options,
  minimumExits: 1,
  teachers: ({ teacher }) => [teacher],
  problems: (chosen, exits, teacherExits) => matchingProblems(chosen.teacherExit, exits, teacherExits),

  bind({ teacherExit: which, labelWeight }) {
    return {
      parameters: [],
      loss(input) {
        const ce = exitCrossEntropies(input)
        const taught = teacherLogits(input, which).map((teacher, k) =>
          softCrossEntropy(teacher, input.outputs[k]?.logits ?? teacher, 1),
        )
        const labels = labelWeight > 0 ? ce.map((loss) => tf.mul(loss, labelWeight) as tf.Scalar) : []
        return {
          total: total([...labels, ...taught]),
          terms: { ...exitTerms('ce', ce), ...exitTerms('teacher', taught) },
        }
      },
      dispose() {},
    }
  },
}
