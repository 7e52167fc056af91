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

/** An image as it is kept, of any size: bytes, [h, w, C]. */
export interface SourceImage {
  readonly bytes: Uint8Array
  readonly height: number
  readonly width: number
}

/**
 * Takes a part of a kept image and writes it, normalised, as the network sees it: [H, W, C]. It draws from the image's
 * stream before every `Augment`.
 */
export type Place = (source: SourceImage, image: Float32Array, random: Random) => void

export interface PlacementFacts {
  /** Height, width, channels of what the network sees. */
  readonly imageShape: readonly [number, number, number]
  /** Normalised value of byte b in channel c, at [c * 256 + b]. */
  readonly table: Float32Array
}

/** How a kept image becomes one of the network's size: a file of its own, listed in `registry.ts`. The first of a list. */
export interface Placement<Schema extends z.ZodType<{ name: string }> = z.ZodType<{ name: string }>> {
  readonly name: string
  readonly options: Schema
  /** Binds the options; may allocate scratch space, so what it returns serves one image at a time. */
  createPlacement(options: z.output<Schema>, facts: PlacementFacts): Place
}

/** One augmentation: a file of its own, listed in `registry.ts`. */
export interface Augmentation<Schema extends z.ZodType<{ name: string }> = z.ZodType<{ name: string }>> {
  readonly name: string
  readonly options: Schema
  /** Binds the options; may allocate scratch space, so what it returns serves one image at a time. */
  create(options: z.output<Schema>, facts: ImageFacts): Augment
}
