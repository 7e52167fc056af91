import { z } from 'zod'
import type { Augmentation } from './augmentation.ts'

const options = z.strictObject({
  name: z.literal('cutout'),
  size: z.int().min(2).max(64).multipleOf(2).default(16).describe('Side of the square in pixels, even.'),
})

/**
 * DeVries, Taylor, "Improved Regularization of Convolutional Neural Networks with Cutout", arXiv:1708.04552.
 *
 * Erases a square whose centre is uniform over the image; the part that sticks out is cut off. As in the
 * authors' code the square is set to zero after normalisation, so it holds the mean colour, not black. Their
 * code takes half the side on each side of the centre, so that an odd side would lose a pixel: only even ones
 * are accepted here.
 *
 * Draws two integers: the centre's row in [0, H), then its column in [0, W).
 */
export const cutout: Augmentation<typeof options> = {
  name: 'cutout',
  options,
  create({ size }, { imageShape }) {
    const [height, width, channels] = imageShape
    return (image, random) => {
      const row = random.integer(height)
      const column = random.integer(width)
      const half = size / 2
      const left = Math.max(0, column - half)
      const right = Math.min(width, column + half)
      for (let y = Math.max(0, row - half); y < Math.min(height, row + half); y++) {
        image.fill(0, (y * width + left) * channels, (y * width + right) * channels)
      }
    }
  },
}
