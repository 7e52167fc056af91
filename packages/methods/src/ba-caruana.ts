/**
 * Mimic learning by logits: every exit regresses the logits of a frozen teacher, without looking at the labels.
 *
 * Ba, Caruana, "Do Deep Nets Really Need to be Deep?", NIPS 2014, arXiv:1312.6184, equation 2:
 *
 *   L = sum_k 1 / (2 B) sum_b || z_k - t ||^2
 *
 * with t the logits of the teacher's last exit, before any softmax. The paper averages over all cases, which are a batch
 * here, and sums over classes.
 *
 * What differs: the paper's students see the teacher alone, on many more, unlabelled images; here they see the training
 * split, and `labelWeight` may add the labels (0, the paper's, by default). Each exit is taught alike.
 */
import * as tf from '@tensorflow/tfjs-core'
import { z } from 'zod'
import { exitCrossEntropies, exitTerms, total } from './exit-terms.ts'
import type { Method } from './method.ts'
import { lossWeight } from './option-ranges.ts'
import { matchingProblems, teacherExit, teacherLogits } from './teacher-logits.ts'
import { teacherReference } from './teacher-reference.ts'

const options = z.strictObject({
  name: z.literal('ba-caruana'),
  teacher: teacherReference.default({ seed: 'same' }),
  teacherExit,
  logitWeight: lossWeight.default(1).describe('Weight of the squared distance of the logits.'),
  labelWeight: lossWeight.default(0).describe("Weight of the labels' cross-entropy; 0 as in the paper."),
})

export const baCaruana: Method<typeof options> = {
  name: 'ba-caruana',
  title: 'Mimic learning (Ba and Caruana)',
  citation:
    'J. Ba, R. Caruana. Do Deep Nets Really Need to be Deep? NIPS 2014. https://arxiv.org/abs/1312.6184',
  summary:
    'Every exit regresses the logits of a pretrained teacher (squared distance); no labels are needed.',
  options,
  minimumExits: 1,
  teachers: ({ teacher }) => [teacher],
  problems: (chosen, exits, teacherExits) => matchingProblems(chosen.teacherExit, exits, teacherExits),

  bind({ teacherExit: which, logitWeight, labelWeight }) {
    return {
      parameters: [],
      loss(input) {
        const ce = exitCrossEntropies(input)
        const taught = teacherLogits(input, which).map((teacher, k) => {
          const student = input.outputs[k]?.logits ?? teacher
          const squares = tf.sum(tf.square(tf.sub(student, teacher)))
          return tf.mul(squares, logitWeight / (2 * student.shape[0])) as tf.Scalar
        })
        const labels = labelWeight > 0 ? ce.map((loss) => tf.mul(loss, labelWeight) as tf.Scalar) : []
        return {
          total: total([...labels, ...taught]),
          terms: { ...exitTerms('ce', ce), ...exitTerms('l2', taught) },
        }
      },
      dispose() {},
    }
  },
}
