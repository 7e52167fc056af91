import { closeSync, openSync, readSync } from 'node:fs'
import { BenchError } from '@mate-bench/schema'
import { type WithImages, withMemoryImages } from './read-images.ts'

/**
 * Images in memory or in a packed file. The latter are read from the disk, or from what the system keeps
 * of it: the file is open for as long as `use` takes, so that nobody has to close anything.
 *
 * @throws BenchError `bad-input` where the file ends before an image does
 */
export const withImages: WithImages = (set, imageShape, use) => {
  if ('images' in set) {
    withMemoryImages(set, imageShape, use)
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
