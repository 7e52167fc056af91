import { z } from 'zod'

/** Options of every batch normalisation of a network. */
export const batchNormOptions = z
  .strictObject({
    momentum: z
      .number()
      .gt(0)
      .max(1)
      .default(0.1)
      .describe(
        'Weight of the new batch in the running statistics: running = (1 - momentum) * running + momentum * batch.',
      ),
    epsilon: z
      .number()
      .gt(0)
      .max(0.1)
      .default(1e-5)
      .describe('Added to the variance before taking the square root.'),
  })
  .describe('Batch normalisation (Ioffe and Szegedy 2015).')

export type BatchNormOptions = z.output<typeof batchNormOptions>

export const defaultBatchNorm: BatchNormOptions = batchNormOptions.parse({})

/** The field as backbones carry it. */
export const batchNormField = batchNormOptions
  .default(defaultBatchNorm)
  .describe('Momentum and epsilon of every batch normalisation.')
