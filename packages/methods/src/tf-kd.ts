/**
 * Tf-KD, teacher-free knowledge distillation: a virtual teacher that is right by design (regularisation), or the same
 * network, trained before and frozen (self-training).
 *
 * Yuan, Tay, Li, Wang, Feng, "Revisiting Knowledge Distillation via Label Smoothing Regularization", CVPR 2020,
 * p. 3903-3911, arXiv:1909.11723, section 5. Of C classes, and applied to every exit:
 *
 *   L = sum_k [ (1 - alpha) CE(z_k, y) + alpha beta KL(q_k || softmax(z_k / S)) ]
 *
 *   Tf-KD_reg:   q_k = softmax(d / T), d_c = 0.99 for the right class, 0.01 / (C - 1) for the others;  S = 1
 *                alpha = 0.1, T = 20, beta = 1
 *   Tf-KD_self:  q_k = softmax(t_k / T), t_k the logits of the frozen network;  S = T
 *                alpha = 0.95, T = 6, beta = T^2 / 2
 *
 * Which of the two follows from `teacher`: the spec of the same network, trained on the labels alone, or none. The values are
 * those with which the authors' code trains ResNet-18 on CIFAR-100 (github.com/yuanli2333/
 * Teacher-free-Knowledge-Distillation, my_loss_function.py and, under experiments, base_experiments/base_resnet18/params.json
 * and kd_experiments/resnet18_distill/resnet18_self_teacher/params.json at 880a74e). The virtual teacher's softmax is one over
 * its probabilities, and the code does not soften the student against it; `softensStudent` does.
 *
 * The code averages its divergence over images and classes, and multiplies it by 100 and by 50: for 100 classes that is
 * beta = 1 and T^2 / 2. Here the divergence is summed over classes whatever their number.
 */
import * as tf from '@tensorflow/tfjs-core'
import { z } from 'zod'
import { exitCrossEntropies, exitTerms, total } from './exit-terms.ts'
import { divergenceFrom } from './loss/divergence-from.ts'
import { klDivergence } from './loss/kl-divergence.ts'
import type { Method, StepInput } from './method.ts'
import { lossWeight, temperature } from './option-ranges.ts'
import { constant } from './stop-gradient.ts'
import { matchingProblems, teacherLogits } from './teacher-logits.ts'
import { teacherReference } from './teacher-reference.ts'

const options = z.strictObject({
  name: z.literal('tf-kd'),
  teacher: teacherReference
    .nullable()
    .default(null)
    .describe('Self-training: the same network, trained before. null: regularisation by a virtual teacher.'),
  teacherExit: z
    .enum(['last', 'matching'])
    .default('matching')
    .describe("In self-training, who teaches exit k: the teacher's last exit, or its exit k."),
  alpha: z
    .number()
    .min(0)
    .max(1)
    .nullable()
    .default(null)
    .describe(
      'Weight alpha of the teacher; the labels have the rest. null is 0.1, or 0.95 in self-training.',
    ),
  temperature: temperature
    .nullable()
    .default(null)
    .describe('Softening T of the teacher; null is 20, or 6 in self-training.'),
  divergenceWeight: lossWeight
    .nullable()
    .default(null)
    .describe(
      'beta: factor on the divergence, in addition to alpha; null is 1, or T^2 / 2 in self-training.',
    ),
  confidence: z
    .number()
    .positive()
    .max(1)
    .default(0.99)
    .describe('Probability that the virtual teacher gives the right class, before softening.'),
  softensStudent: z
    .boolean()
    .nullable()
    .default(null)
    .describe('Also divide the student’s logits by T; null is false, or true in self-training.'),
})

export const tfKd: Method<typeof options> = {
  name: 'tf-kd',
  title: 'Teacher-free knowledge distillation (Tf-KD)',
  citation:
    'L. Yuan, F. E. H. Tay, G. Li, T. Wang, J. Feng. Revisiting Knowledge Distillation via Label Smoothing Regularization. CVPR 2020, 3903-3911. https://arxiv.org/abs/1909.11723',
  summary:
    'Every exit learns from the labels and from a virtual teacher, which favours the right class and spreads the rest evenly; or, if the spec names one, from an earlier training of the same network.',
  options,
  minimumExits: 1,
  teachers: ({ teacher }) => (teacher === null ? [] : [teacher]),
  problems: ({ teacher, teacherExit }, exits, teacherExits) =>
    teacher === null ? [] : matchingProblems(teacherExit, exits, teacherExits),

  bind(chosen, { classes }) {
    const isSelf = chosen.teacher !== null
    const alpha = chosen.alpha ?? (isSelf ? 0.95 : 0.1)
    const T = chosen.temperature ?? (isSelf ? 6 : 20)
    const beta = chosen.divergenceWeight ?? (isSelf ? T ** 2 / 2 : 1)
    const studentT = (chosen.softensStudent ?? isSelf) ? T : 1
    /** Divergence of each exit from whoever teaches it. */
    const divergences = (input: StepInput): tf.Scalar[] => {
      if (isSelf) {
        const teachers = teacherLogits(input, chosen.teacherExit) // K x [R, C]
        return input.outputs.map(({ logits }, k) => {
          const teacher = teachers[k] ?? logits
          if (studentT === T) return klDivergence(teacher, logits, T)
          const target = constant(() => tf.softmax(tf.div(teacher, T)) as tf.Tensor2D)
          return divergenceFrom(target, logits, studentT)
        })
      }
      const target = virtualTeacher(input.labels, classes, chosen.confidence, T) // [R, C]
      return input.outputs.map(({ logits }) => divergenceFrom(target, logits, studentT))
    }
    return {
      parameters: [],
      loss(input) {
        const ce = exitCrossEntropies(input)
        const kd = divergences(input).map((loss) => tf.mul(loss, alpha * beta) as tf.Scalar)
        const labels = ce.map((loss) => tf.mul(loss, 1 - alpha) as tf.Scalar)
        return {
          total: total([...labels, ...kd]),
          terms: { ...exitTerms('ce', ce), ...exitTerms('kd', kd) },
        }
      },
      dispose() {},
    }
  },
}

/** softmax(d / T), [R, C]: a softmax over probabilities, as the authors' code has it. */
function virtualTeacher(
  labels: tf.Tensor1D,
  classes: number,
  confidence: number,
  temperature: number,
): tf.Tensor2D {
  const others = (1 - confidence) / Math.max(1, classes - 1)
  return constant(() => {
    const right = tf.cast(tf.oneHot(labels, classes), 'float32') // [R, C]
    const probabilities = tf.add(tf.mul(right, confidence - others), others) // d
    return tf.softmax(tf.div(probabilities, temperature)) as tf.Tensor2D
  })
}
