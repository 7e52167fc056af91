import { z } from 'zod'

/** Over what a KL divergence is averaged; shared by methods whose authors' code divides by the classes too. */
export const klReduction = z
  .enum(['batch', 'elements'])
  .default('batch')
  .describe(
    'Average of the KL divergence: over the images, as the papers write it, or over images and classes, as the authors’ code does.',
  )

/** What a divergence that is averaged over the batch is multiplied by. */
export function klScale(reduction: z.output<typeof klReduction>, classes: number): number {
  return reduction === 'batch' ? 1 : 1 / classes
}
