import { z } from 'zod'
import type { Augment, ImageFacts, Place, PlacementFacts } from './augmentation.ts'
import { centreCrop } from './centre-crop.ts'
import { cutout } from './cutout.ts'
import { horizontalFlip } from './horizontal-flip.ts'
import { randomCrop } from './random-crop.ts'
import { randomResizedCrop } from './random-resized-crop.ts'

/** One augmentation of a spec. */
export const augmentationOptions = z.discriminatedUnion('name', [
  randomCrop.options,
  horizontalFlip.options,
  cutout.options,
  randomResizedCrop.options,
  centreCrop.options,
])

export type AugmentationOptions = z.output<typeof augmentationOptions>

type PlacementOptions = Extract<AugmentationOptions, { name: 'random-resized-crop' | 'centre-crop' }>

/** Whether it takes a part of the kept image, rather than change what was taken. */
export function isPlacement(options: AugmentationOptions): options is PlacementOptions {
  return options.name === 'random-resized-crop' || options.name === 'centre-crop'
}

/** Binds what takes the network's image out of a kept one; the centre where nothing else is said, as in evaluation. */
export function createPlacement(options: PlacementOptions | undefined, facts: PlacementFacts): Place {
  if (options?.name === 'random-resized-crop') return randomResizedCrop.createPlacement(options, facts)
  return centreCrop.createPlacement(options ?? { name: 'centre-crop' }, facts)
}

/** Binds one augmentation to the images it will change. */
export function createAugment(
  options: Exclude<AugmentationOptions, PlacementOptions>,
  facts: ImageFacts,
): Augment {
  switch (options.name) {
    case 'random-crop':
      return randomCrop.create(options, facts)
    case 'horizontal-flip':
      return horizontalFlip.create(options, facts)
    case 'cutout':
      return cutout.create(options, facts)
  }
}
