import { z } from 'zod'
import { refuseTooLargeValidation, type SplitFacts, splitFields } from '../options.ts'

/** Heights and widths that pictures may be seen in, and the short side that they are packed with: 256 for 224. */
export const pictureSizes = [64, 96, 128, 160, 192, 224] as const

export type PictureSize = (typeof pictureSizes)[number]

/** Short side of a packed picture: as much larger than what the network sees as 256 is than 224 (Krizhevsky et al. 2012). */
export function packedSide(size: number): number {
  return Math.round((size * 256) / 224)
}

export const sizeField = z
  .literal([...pictureSizes])
  .default(224)
  .describe(
    'Height and width in pixels that the network sees: a crop of a picture whose short side is 8/7 of it. Each size is a track of its own.',
  )

/** A dataset of pictures in a spec: size, `subset`, `validation`. */
export function pictureOptionsSchema<const Name extends string>(name: Name, facts: SplitFacts) {
  return z
    .strictObject({ name: z.literal(name), size: sizeField, ...splitFields(facts) })
    .superRefine((options, context) => refuseTooLargeValidation(options, facts, context))
}

/** ImageNet's constants, which pictures of everyday scenes are commonly normalised with. */
export const imagenetNormalisation = {
  mean: [0.485, 0.456, 0.406],
  std: [0.229, 0.224, 0.225],
  source: "ImageNet's, as torchvision's models and most code for such pictures use them.",
} as const
