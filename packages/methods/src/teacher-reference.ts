/**
 * How a method's options name a teacher. A spec file may say `{ "spec": PATH }`, relative to itself; what is digested says
 * `{ "specDigest": DIGEST, "seed": "same" }`, and the teacher's spec travels beside it in `teacherSpecs`.
 */
import { z } from 'zod'

export const teacherReference = z
  .strictObject({
    spec: z
      .string()
      .min(1)
      .max(1000)
      .optional()
      .describe("Path of the teacher's spec, relative to this file. Only a spec in a file can use it."),
    specDigest: z
      .string()
      .max(71)
      .regex(/^sha256:[0-9a-f]{64}$/, 'Expected sha256: and 64 hex digits')
      .optional()
      .describe("Digest of the teacher's spec."),
    seed: z
      .literal('same')
      .default('same')
      .describe("Which of the teacher's runs teaches: the one with the student's seed."),
  })
  .describe('The frozen network that teaches: the run of another spec.')

export type TeacherReference = z.output<typeof teacherReference>
