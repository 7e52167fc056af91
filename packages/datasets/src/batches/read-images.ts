import type { SourceImage } from '../augmentation/augmentation.ts'
import type { ImageSet, OpenDataset } from '../dataset.ts'

/** What is read lends its memory until the next read. */
export type ReadImage = (index: number) => SourceImage

/** Gives `use` what reads the set's images, for as long as `use` takes. */
export type WithImages = (
  set: ImageSet,
  imageShape: OpenDataset['imageShape'],
  use: (read: ReadImage) => void,
) => void

/**
 * Images that stand in memory: all that a browser has.
 * @throws RangeError for pictures that are packed in a file
 */
export const withMemoryImages: WithImages = (set, [height, width, channels], use) => {
  if (!('images' in set)) throw new RangeError('These pictures are in a file, not in memory')
  const bytes = height * width * channels
  use((index) => ({ bytes: set.images.subarray(index * bytes, (index + 1) * bytes), height, width }))
}
