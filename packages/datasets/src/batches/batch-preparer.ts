import { createRandom } from '@mate-bench/stats'
import { type AugmentationOptions, createAugment } from '../augmentation/registry.ts'
import type { Batch, ImageSet, OpenDataset } from '../dataset.ts'
import { normalisationTable } from '../normalise.ts'

export interface BatchPreparerOptions {
  readonly set: ImageSet
  /** Height, width, channels. */
  readonly imageShape: OpenDataset['imageShape']
  readonly normalisation: { readonly mean: readonly number[]; readonly std: readonly number[] }
  /** Applied in this order. Default: none. */
  readonly augmentation?: readonly AugmentationOptions[]
  /** The run's seed; only augmentation draws from it. */
  readonly seed?: number
}

/** Memory of a former batch that may be written over: images [B * H * W * C] and labels [B]. */
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
  const { set, imageShape, normalisation, augmentation = [], seed = 0 } = opts
  const [height, width, channels] = imageShape
  const imageSize = height * width * channels
  const table = normalisationTable(normalisation) // [C, 256]
  const black = normalisation.mean.map((_, channel) => table[channel * 256] ?? 0)
  const augments = augmentation.map((options) => createAugment(options, { imageShape, black }))

  return (indices, epoch, memory) => {
    const size = indices.length
    const images = floatsIn(memory?.images, size * imageSize) // [B, H, W, C]
    const labels = integersIn(memory?.labels, size) // [B]
    for (let i = 0; i < size; i++) {
      const index = indices[i] as number
      const label = set.labels[index]
      if (label === undefined) {
        throw new RangeError(`Image ${index} is outside the set of ${set.labels.length} images`)
      }
      labels[i] = label
      const image = images.subarray(i * imageSize, (i + 1) * imageSize) // [H, W, C]
      normalise(set.images, index * imageSize, image, table, channels)
      if (augments.length === 0) continue
      const random = createRandom(seed, 'augmentation', epoch, index)
      for (const augment of augments) augment(image, random)
    }
    return { images, labels, size }
  }
}

function normalise(
  bytes: Uint8Array,
  start: number,
  image: Float32Array,
  table: Float32Array,
  channels: number,
): void {
  for (let c = 0; c < channels; c++) {
    const row = c * 256
    for (let i = c; i < image.length; i += channels) {
      image[i] = table[row + (bytes[start + i] as number)] as number
    }
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
