import { createRandom } from '@mate-bench/stats'
import {
  type AugmentationOptions,
  createAugment,
  createPlacement,
  isPlacement,
} from '../augmentation/registry.ts'
import type { Batch, ImageSet, OpenDataset } from '../dataset.ts'
import { normalisationTable } from '../normalise.ts'
import type { PartnerDraw } from './partner-draw.ts'
import { type WithImages, withMemoryImages } from './read-images.ts'

export interface BatchPreparerOptions {
  readonly set: ImageSet
  /** Height, width, channels. */
  readonly imageShape: OpenDataset['imageShape']
  readonly normalisation: { readonly mean: readonly number[]; readonly std: readonly number[] }
  /** Applied in this order; what takes a part of the image comes first, the centre without. Default: none. */
  readonly augmentation?: readonly AugmentationOptions[]
  /** The run's seed; only augmentation draws from it. */
  readonly seed?: number
  /** Views of each image, each augmented for itself. Default: 1. */
  readonly views?: number
  /** Further images for each image. Default: none. */
  readonly partners?: PartnerDraw
  /** Where images are read. Default: in memory. */
  readonly withImages?: WithImages
}

/** Memory of a former batch that may be written over: images [R * H * W * C] and labels [R]. */
export interface BatchMemory {
  readonly images: ArrayBuffer
  readonly labels: ArrayBuffer
}

/**
 * Prepares the images at `indices` (positions in the published set) as they are seen in `epoch`. Pure but for
 * the memory it may write over: the same arguments give the same bytes, in any order, in any thread.
 */
export type PrepareBatch = (indices: Uint32Array, epoch: number, memory?: BatchMemory) => Batch

/** Builds the tables and scratch space once, for all batches of a run. */
export function createBatchPreparer(opts: BatchPreparerOptions): PrepareBatch {
  const { set, imageShape, normalisation, augmentation = [], seed = 0, views = 1, partners } = opts
  const { withImages = withMemoryImages } = opts
  const [height, width, channels] = imageShape
  const imageSize = height * width * channels
  const table = normalisationTable(normalisation) // [C, 256]
  const black = normalisation.mean.map((_, channel) => table[channel * 256] ?? 0)
  const partnerCount = partners?.count ?? 0
  const [first, ...others] = augmentation
  const placement = first !== undefined && isPlacement(first) ? first : undefined
  const place = createPlacement(placement, { imageShape, table })
  const augments = (placement ? others : augmentation).map((options) => {
    if (isPlacement(options)) throw new RangeError(`The augmentation ${options.name} must be the first`)
    return createAugment(options, { imageShape, black })
  })

  return (indices, epoch, memory) => {
    const size = indices.length
    const rows = size * (views + partnerCount)
    const images = floatsIn(memory?.images, rows * imageSize) // [R, H, W, C]
    const labels = integersIn(memory?.labels, rows) // [R]
    withImages(set, imageShape, (read) => {
      /** `of` is the image of the batch that the row is there for: it names the row's randomness. */
      const fill = (row: number, index: number, stream: string, of: number) => {
        const label = set.labels[index]
        if (label === undefined) {
          throw new RangeError(`Image ${index} is outside the set of ${set.labels.length} images`)
        }
        labels[row] = label
        const image = images.subarray(row * imageSize, (row + 1) * imageSize) // [H, W, C]
        const random = createRandom(seed, stream, epoch, of)
        place(read(index), image, random)
        for (const augment of augments) augment(image, random)
      }
      for (let view = 0; view < views; view++) {
        const stream = view === 0 ? 'augmentation' : `augmentation/view${view + 1}`
        for (let i = 0; i < size; i++) {
          const index = indices[i] as number
          fill(view * size + i, index, stream, index)
        }
      }
      for (let i = 0; partners && i < size; i++) {
        const of = indices[i] as number
        partners.draw(of, epoch).forEach((index, p) => {
          fill(size * views + i * partnerCount + p, index, `augmentation/partner${p + 1}`, of)
        })
      }
    })
    return { images, labels, indices: indices.slice(), size }
  }
}

function floatsIn(memory: ArrayBuffer | undefined, length: number): Float32Array {
  return memory && memory.byteLength >= length * 4
    ? new Float32Array(memory, 0, length)
    : new Float32Array(length)
}

function integersIn(memory: ArrayBuffer | undefined, length: number): Int32Array {
  return memory && memory.byteLength >= length * 4
    ? new Int32Array(memory, 0, length)
    : new Int32Array(length)
}
