import type { Tensor2D } from '@tensorflow/tfjs-core'
import { z } from 'zod'
import type { OptionProblem, StepInput } from './method.ts'

/** Which of a teacher's exits teaches exit k of the student; shared by all methods with a teacher. */
export const teacherExit = z
  .enum(['last', 'matching'])
  .default('last')
  .describe("Who teaches exit k: the teacher's last exit, or its exit k.")

export type TeacherExit = z.output<typeof teacherExit>

/**
 * Logits that teach each exit of the student, K x [B, C]. Constants: they were computed off the tape.
 * @param index of the teacher, where there are several
 */
export function teacherLogits(input: StepInput, which: TeacherExit, index = 0): Tensor2D[] {
  const teacher = input.teachers?.[index] ?? []
  return input.outputs.map((_, k) => {
    const exit = which === 'matching' ? teacher[k] : teacher.at(-1)
    if (exit === undefined) throw new RangeError(`Teacher ${index + 1} has no exit for exit ${k + 1}.`)
    return exit.logits
  })
}

/** A teacher whose exits are to match the student's must have as many. */
export function matchingProblems(
  which: TeacherExit,
  exits: number,
  teacherExits: readonly number[] = [],
): OptionProblem[] {
  const other = teacherExits.find((count) => count !== exits)
  if (which === 'last' || other === undefined) return []
  return [
    {
      option: 'teacherExit',
      message: `A teacher with ${other} exits does not match a student with ${exits}.`,
      hint: 'Use "last", or a teacher with as many exits.',
    },
  ]
}
