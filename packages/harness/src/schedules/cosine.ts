/**
 * Half a cosine from the full learning rate to zero, moved each step.
 * Loshchilov and Hutter, "SGDR: Stochastic Gradient Descent with Warm Restarts", ICLR 2017, equation 5,
 * without restarts. Warm-up, where asked for, comes first and the cosine spans what is left.
 */
import { z } from 'zod'
import { type Progress, warmupFactor } from './schedule.ts'

export const cosineOptions = z.strictObject({
  name: z.literal('cosine'),
  warmupEpochs: z.number().min(0).max(10_000).default(0).describe('Epochs of linear warm-up.'),
})

export function cosineFactor(options: z.output<typeof cosineOptions>, progress: Progress): number {
  const { step, stepsPerEpoch, epochs } = progress
  const warmupSteps = options.warmupEpochs * stepsPerEpoch
  if (step < warmupSteps) return warmupFactor(options.warmupEpochs, progress)
  const total = epochs * stepsPerEpoch - warmupSteps
  return 0.5 * (1 + Math.cos((Math.PI * (step - warmupSteps)) / total))
}
