/** The learning rate is multiplied by `gamma` at the start of each milestone epoch: the field's usual recipe. */
import { z } from 'zod'
import { type Progress, warmupFactor } from './schedule.ts'

export const multiStepOptions = z.strictObject({
  name: z.literal('multi-step'),
  milestones: z
    .array(z.int().min(1).max(10_000))
    .min(1)
    .max(20)
    .refine((epochs) => epochs.every((epoch, i) => i === 0 || epoch > (epochs[i - 1] ?? 0)), {
      error: 'Milestones must grow strictly.',
      params: { hint: 'List the epochs at which the learning rate drops, earliest first, none twice.' },
    })
    .describe('Epochs (finished ones) after which the learning rate drops.'),
  gamma: z.number().positive().max(1).default(0.1).describe('Factor at each milestone.'),
  warmupEpochs: z.number().min(0).max(10_000).default(0).describe('Epochs of linear warm-up.'),
})

export function multiStepFactor(options: z.output<typeof multiStepOptions>, progress: Progress): number {
  const epoch = Math.floor(progress.step / progress.stepsPerEpoch)
  const passed = options.milestones.filter((milestone) => milestone <= epoch).length
  return options.gamma ** passed * warmupFactor(options.warmupEpochs, progress)
}
