/** The learning rate stays as it is, after an optional warm-up. */
import { z } from 'zod'
import { type Progress, warmupFactor } from './schedule.ts'

export const constantOptions = z.strictObject({
  name: z.literal('constant'),
  warmupEpochs: z.number().min(0).max(10_000).default(0).describe('Epochs of linear warm-up.'),
})

export function constantFactor(options: z.output<typeof constantOptions>, progress: Progress): number {
  return warmupFactor(options.warmupEpochs, progress)
}
