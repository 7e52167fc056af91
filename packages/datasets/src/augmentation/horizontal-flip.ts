import { z } from 'zod'
import type { Augmentation } from './augmentation.ts'

const options = z.strictObject({
  name: z.literal('horizontal-flip'),
  probability: z.number().min(0).max(1).default(0.5).describe('Share of the images that are mirrored.'),
})

/** Mirrors left and right with the given probability. Draws one uniform number; the image flips if it is below. */
export const horizontalFlip: Augmentation<typeof options> = {
  name: 'horizontal-flip',
  options,
  create({ probability }, { imageShape }) {
    const [height, width, channels] = imageShape
    return (image, random) => {
      if (random.uniform() >= probability) return
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width >> 1; x++) {
          const left = (y * width + x) * channels
          const right = (y * width + width - 1 - x) * channels
          for (let c = 0; c < channels; c++) {
            const kept = image[left + c] as number
            image[left + c] = image[right + c] as number
            image[right + c] = kept
          }
        }
      }
    }
  },
}
