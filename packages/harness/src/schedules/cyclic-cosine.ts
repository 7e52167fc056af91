/**
 * Half a cosine from the full learning rate to zero in each of several cycles, moved each step.
 * Loshchilov and Hutter, "SGDR: Stochastic Gradient Descent with Warm Restarts", ICLR 2017, equation 5, with cycles of one
 * length; Huang et al., "Snapshot Ensembles", ICLR 2017, equation 2. A cycle ends with the epoch nearest to its end, so
 * that what is done between epochs meets the smallest learning rate.
 */
import { z } from 'zod'
import { type Progress, warmupFactor } from './schedule.ts'

export const cyclicCosineOptions = z.strictObject({
  name: z.literal('cyclic-cosine'),
  cycles: z.int().min(2).max(100).default(4).describe('Cycles of the run.'),
  warmupEpochs: z
    .number()
    .min(0)
    .max(10_000)
    .default(0)
    .describe('Epochs of linear warm-up in the first cycle.'),
})

export function cyclicCosineFactor(
  { cycles, warmupEpochs }: z.output<typeof cyclicCosineOptions>,
  progress: Progress,
): number {
  const { step, stepsPerEpoch, epochs } = progress
  const ends = Array.from({ length: cycles }, (_, c) => Math.max(1, Math.round((epochs * (c + 1)) / cycles)))
  const done = step / stepsPerEpoch
  const end = ends.find((epoch) => done < epoch) ?? epochs
  const start = ends.findLast((epoch) => epoch <= done) ?? 0
  return (
    0.5 * (1 + Math.cos((Math.PI * (done - start)) / (end - start))) * warmupFactor(warmupEpochs, progress)
  )
}
