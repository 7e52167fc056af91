import { z } from 'zod'

/** One run of a submission while it is trained. */
export const runProgressSchema = z.strictObject({
  seed: z.int().min(0),
  state: z.enum(['waiting', 'training', 'evaluating', 'publishing', 'published']),
  /** Finished epochs. */
  epoch: z.int().min(0),
  /** 0 until it is known. */
  epochs: z.int().min(0),
  /** Steps of the epoch at work. */
  step: z.int().min(0),
  stepsPerEpoch: z.int().min(0),
  /** Mean training loss of the epoch so far. */
  loss: z.number().nullable(),
  /** Training top-1 of the epoch so far, one per exit; of the test split once it is evaluated. */
  top1: z.array(z.number().min(0).max(1)),
  imagesPerSecond: z.number().min(0).nullable(),
  secondsLeft: z.number().min(0).nullable(),
})

/** What a worker tells of the submission that it trains. */
export const submissionProgressSchema = z.strictObject({
  at: z.iso.datetime(),
  /** Share of all runs' steps that are done. */
  done: z.number().min(0).max(1),
  runs: z.array(runProgressSchema),
})

export type SubmissionRunProgress = z.output<typeof runProgressSchema>
export type SubmissionProgress = z.output<typeof submissionProgressSchema>
