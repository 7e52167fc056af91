import type { Random } from '@mate-bench/stats'
import { z } from 'zod'
import type { Placement } from './augmentation.ts'

const options = z.strictObject({
  name: z.literal('random-resized-crop'),
  scale: z
    .tuple([z.number().positive().max(1), z.number().positive().max(1)])
    .refine(([least, most]) => least <= most, 'Expected the smaller share first')
    .default([0.08, 1])
    .describe('Least and largest share of the image that the crop covers.'),
  ratio: z
    .tuple([z.number().min(0.1).max(10), z.number().min(0.1).max(10)])
    .refine(([least, most]) => least <= most, 'Expected the smaller ratio first')
    .default([3 / 4, 4 / 3])
    .describe('Least and largest width of the crop, as a multiple of its height.'),
})

const attempts = 10

/**
 * Szegedy et al., "Going Deeper with Convolutions", CVPR 2015, section 6: a crop of random area and shape, resized to the
 * network's size. Area, shape and fallback are those of `RandomResizedCrop` of torchvision: the area is uniform over
 * `scale`, the logarithm of the shape over `ratio`; after ten crops that do not fit, the largest central one.
 *
 * What differs: it is taken from the packed image, whose short side is 256 for 224, not from the full one. Resized
 * bilinearly with half-pixel centres and without antialiasing: a packed image is hardly larger than what is made of it.
 *
 * Draws, an attempt, two uniform numbers (area, shape), and where the crop fits two integers: its top, then its left.
 */
export const randomResizedCrop: Placement<typeof options> = {
  name: 'random-resized-crop',
  options,
  createPlacement({ scale, ratio }, { imageShape, table }) {
    const [height, width, channels] = imageShape
    // Normalisation is linear in the byte, so it is applied to the interpolated value.
    const shift = Float64Array.from({ length: channels }, (_, c) => table[c * 256] ?? 0)
    const slope = shift.map((black, c) => ((table[c * 256 + 255] ?? 0) - black) / 255)
    const columns = new Int32Array(width)
    const nextColumns = new Int32Array(width)
    const shares = new Float64Array(width)

    return (source, image, random) => {
      const box = drawBox(source, { scale, ratio }, random)
      const { bytes } = source
      const rowBytes = source.width * channels
      for (let x = 0; x < width; x++) {
        const { before, after, share } = neighbours(x, width, box.width)
        columns[x] = (box.left + before) * channels
        nextColumns[x] = (box.left + after) * channels
        shares[x] = share
      }
      let at = 0
      for (let y = 0; y < height; y++) {
        const { before, after, share } = neighbours(y, height, box.height)
        const upper = (box.top + before) * rowBytes
        const lower = (box.top + after) * rowBytes
        for (let x = 0; x < width; x++) {
          const left = columns[x] as number
          const right = nextColumns[x] as number
          const across = shares[x] as number
          for (let c = 0; c < channels; c++) {
            const topLeft = bytes[upper + left + c] as number
            const bottomLeft = bytes[lower + left + c] as number
            const top = topLeft + ((bytes[upper + right + c] as number) - topLeft) * across
            const bottom = bottomLeft + ((bytes[lower + right + c] as number) - bottomLeft) * across
            image[at++] = (top + (bottom - top) * share) * (slope[c] as number) + (shift[c] as number)
          }
        }
      }
    }
  },
}

/** The two source positions around an output position, and the share of the second. */
function neighbours(position: number, size: number, sourceSize: number) {
  const exact = Math.min(Math.max(((position + 0.5) * sourceSize) / size - 0.5, 0), sourceSize - 1)
  const before = Math.floor(exact)
  return { before, after: Math.min(before + 1, sourceSize - 1), share: exact - before }
}

interface Box {
  readonly top: number
  readonly left: number
  readonly height: number
  readonly width: number
}

/** Where the crop lies in the source. */
export function drawBox(
  source: { readonly height: number; readonly width: number },
  { scale, ratio }: { readonly scale: readonly [number, number]; readonly ratio: readonly [number, number] },
  random: Random,
): Box {
  const area = source.height * source.width
  for (let attempt = 0; attempt < attempts; attempt++) {
    const wanted = area * (scale[0] + (scale[1] - scale[0]) * random.uniform())
    const logs = [Math.log(ratio[0]), Math.log(ratio[1])] as const
    const shape = Math.exp(logs[0] + (logs[1] - logs[0]) * random.uniform())
    const width = Math.round(Math.sqrt(wanted * shape))
    const height = Math.round(Math.sqrt(wanted / shape))
    if (width < 1 || height < 1 || width > source.width || height > source.height) continue
    const top = random.integer(source.height - height + 1)
    return { top, left: random.integer(source.width - width + 1), height, width }
  }
  const shape = source.width / source.height
  const width = shape > ratio[1] ? Math.round(source.height * ratio[1]) : source.width
  const height = shape < ratio[0] ? Math.round(source.width / ratio[0]) : source.height
  return { top: (source.height - height) >> 1, left: (source.width - width) >> 1, height, width }
}
