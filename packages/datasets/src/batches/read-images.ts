import { closeSync, openSync, readSync } from 'node:fs'
import { BenchError } from '@mate-bench/schema'
import type { SourceImage } from '../augmentation/augmentation.ts'
import type { ImageSet, OpenDataset } from '../dataset.ts'

/** What is read lends its memory until the next read. */
type ReadImage = (index: number) => SourceImage

/**
 * Gives `use` what reads the set's images. Those of a packed file are read from the disk, or from what the system keeps
 * of it: the file is open for as long as `use` takes, so that nobody has to close anything.
 *
 * @throws BenchError `bad-input` where the file ends before an image does
 */
export function withImages(
  set: ImageSet,
  imageShape: OpenDataset['imageShape'],
  use: (read: ReadImage) => void,
): void {
  if ('images' in set) {
    const [height, width, channels] = imageShape
    const bytes = height * width * channels
    use((index) => ({ bytes: set.images.subarray(index * bytes, (index + 1) * bytes), height, width }))
    return
  }
  const { file, offsets, heights, widths } = set.packed
  const handle = openSync(file, 'r')
  let memory = new Uint8Array(1 << 18)
  try {
    use((index) => {
      const [height, width] = [heights[index] as number, widths[index] as number]
      const bytes = height * width * 3
      if (bytes > memory.length) memory = new Uint8Array(bytes)
      const read = readSync(handle, memory, 0, bytes, offsets[index] as number)
      if (read < bytes) {
        throw new BenchError({
          code: 'bad-input',
          message: `${file} ends within image ${index}: it was changed since it was opened.`,
          path: file,
        })
      }
      return { bytes: memory.subarray(0, bytes), height, width }
    })
  } finally {
    closeSync(handle)
  }
}
