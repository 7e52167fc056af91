import { z } from 'zod'
import type { Augmentation } from './augmentation.ts'

const options = z.strictObject({
  name: z.literal('random-crop'),
  padding: z.int().min(1).max(16).default(4).describe('Pixels added on each side before cropping back.'),
  mode: z
    .enum(['zero', 'reflect'])
    .default('zero')
    .describe('What the padding holds: black, or the image mirrored without repeating its edge.'),
})

/**
 * Pads each side and crops back to the size of the image at a uniform position: `RandomCrop(size, padding)` of
 * torchvision. There, zero padding is put on before normalisation: a padded pixel is black, not the mean, so
 * it holds (0 - mean) / std here.
 *
 * Draws two integers in [0, 2 * padding]: the crop's top, then its left.
 */
export const randomCrop: Augmentation<typeof options> = {
  name: 'random-crop',
  options,
  create({ padding, mode }, { imageShape, black }) {
    const [height, width, channels] = imageShape
    const original = new Float32Array(height * width * channels)
    const rowOfBlack = Float32Array.from({ length: width * channels }, (_, i) => black[i % channels] ?? 0)
    // Source column of each padded column; with `zero`, -1 stands for none.
    const source = (size: number) =>
      Int32Array.from({ length: size + 2 * padding }, (_, padded) => {
        const position = padded - padding
        if (position >= 0 && position < size) return position
        return mode === 'zero' ? -1 : mirror(position, size)
      })
    const rows = source(height)
    const columns = source(width)

    /** Fills columns [from, to) of row `y`, which lie outside the image. */
    const pad = (image: Float32Array, y: number, row: number, left: number, from: number, to: number) => {
      for (let x = from; x < to; x++) {
        const column = columns[left + x] as number
        for (let c = 0; c < channels; c++) {
          const mirrored = original[(row * width + column) * channels + c]
          image[(y * width + x) * channels + c] = (column < 0 ? rowOfBlack[c] : mirrored) as number
        }
      }
    }

    return (image, random) => {
      const top = random.integer(2 * padding + 1)
      const left = random.integer(2 * padding + 1)
      original.set(image)
      // Columns [first, last) of the crop lie inside the image and are copied in one go.
      const shift = left - padding
      const first = Math.min(width, Math.max(0, -shift))
      const last = Math.max(first, Math.min(width, width - shift))
      for (let y = 0; y < height; y++) {
        const row = rows[top + y] as number
        if (row < 0) {
          image.set(rowOfBlack, y * width * channels)
          continue
        }
        const start = (row * width + shift) * channels
        const inside = original.subarray(start + first * channels, start + last * channels)
        image.set(inside, (y * width + first) * channels)
        pad(image, y, row, left, 0, first)
        pad(image, y, row, left, last, width)
      }
    }
  },
}

/** Position mirrored at the edges of [0, size), the edge itself not repeated. */
function mirror(position: number, size: number): number {
  if (size === 1) return 0
  const period = 2 * (size - 1)
  const inPeriod = ((position % period) + period) % period
  return inPeriod < size ? inPeriod : period - inPeriod
}
