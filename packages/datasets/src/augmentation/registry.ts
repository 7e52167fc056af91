import { z } from 'zod'
import type { Augment, ImageFacts } from './augmentation.ts'
import { cutout } from './cutout.ts'
import { horizontalFlip } from './horizontal-flip.ts'
import { randomCrop } from './random-crop.ts'

/** One augmentation of a spec. */
export const augmentationOptions = z.discriminatedUnion('name', [
  randomCrop.options,
  horizontalFlip.options,
  cutout.options,
])

export type AugmentationOptions = z.output<typeof augmentationOptions>

/** Binds one augmentation to the images it will change. */
export function createAugment(options: AugmentationOptions, facts: ImageFacts): Augment {
  switch (options.name) {
    case 'random-crop':
      return randomCrop.create(options, facts)
    case 'horizontal-flip':
      return horizontalFlip.create(options, facts)
    case 'cutout':
      return cutout.create(options, facts)
  }
}
