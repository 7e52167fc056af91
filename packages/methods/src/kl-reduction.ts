import { z } from 'zod'

/** Over what a KL divergence is averaged; shared by methods whose authors' code divides by the classes too. */
export const klReduction = z
  .enum(['batch', 'elements'])
  .default('batch')
  .describe(
    'What the KL divergence is averaged over: the images, as in the papers, or images and classes, as in the authors’ code.',
  )

/** What a divergence that is averaged over the batch is multiplied by. */
export function klScale(reduction: z.output<typeof klReduction>, classes: number): number {
  return reduction === 'batch' ? 1 : 1 / classes
}
