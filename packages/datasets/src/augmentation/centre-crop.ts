import { z } from 'zod'
import type { Placement } from './augmentation.ts'

const options = z.strictObject({ name: z.literal('centre-crop') })

/**
 * The middle of the kept image in the network's size, as it is: `CenterCrop` of torchvision. What evaluation does, and
 * training where nothing else is said. A kept image of the network's own size is taken as a whole.
 *
 * Rows and columns that are over are halved; an odd one goes to the bottom or right (torchvision rounds half to even).
 * Draws nothing.
 */
export const centreCrop: Placement<typeof options> = {
  name: 'centre-crop',
  options,
  createPlacement(_, { imageShape, table }) {
    const [height, width, channels] = imageShape
    return (source, image) => {
      const top = (source.height - height) >> 1
      const left = (source.width - width) >> 1
      if (top < 0 || left < 0) {
        throw new RangeError(
          `An image of ${source.height} x ${source.width} has no crop of ${height} x ${width}`,
        )
      }
      // Rows that follow each other in both are one.
      const isWhole = width === source.width
      const rows = isWhole ? 1 : height
      const values = (isWhole ? height * width : width) * channels
      for (let y = 0; y < rows; y++) {
        const from = ((top + y) * source.width + left) * channels
        for (let c = 0; c < channels; c++) {
          const row = c * 256
          for (let i = c; i < values; i += channels) {
            image[y * values + i] = table[row + (source.bytes[from + i] as number)] as number
          }
        }
      }
    }
  },
}
