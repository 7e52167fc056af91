import type { Random } from '@mate-bench/stats'
import type { z } from 'zod'

/** What an augmentation may know of the images. */
export interface ImageFacts {
  /** Height, width, channels. */
  readonly imageShape: readonly [number, number, number]
  /** The normalised value of a black pixel (byte 0) in each channel. */
  readonly black: readonly number[]
}

/**
 * Changes one image in place: normalised float32, [H, W, C]. The numbers it draws come from the image's own
 * stream, (seed, `augmentation`, epoch, index), after those of the augmentations listed before it.
 */
export type Augment = (image: Float32Array, random: Random) => void

/** One augmentation: a file of its own, listed in `registry.ts`. */
export interface Augmentation<Schema extends z.ZodType<{ name: string }> = z.ZodType<{ name: string }>> {
  readonly name: string
  readonly options: Schema
  /** Binds the options; may allocate scratch space, so what it returns serves one image at a time. */
  create(options: z.output<Schema>, facts: ImageFacts): Augment
}
