import { z } from 'zod'
import type { PicturesDataset } from './dataset.ts'
import { refuseTooLargeValidation } from './options.ts'
import { imagenetNormalisation, packedSide, sizeField } from './pictures/picture-options.ts'

const seed = z.int().min(0).max(0xffffffff).default(0)
const className = z
  .string()
  .min(1)
  .max(100)
  .regex(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+$/u, 'Expected printable characters')

/** What pictures of one's own may have of classes. */
export const maximumClasses = 1000

const options = z
  .strictObject({
    name: z.literal('image-folder'),
    content: z
      .string()
      .max(71)
      .regex(/^sha256:[0-9a-f]{64}$/, 'Expected sha256: and 64 hex digits')
      .describe('Digest of classes, splits and pictures, as `mate-bench data add image-folder` prints it.'),
    classes: z
      .array(className)
      .min(2)
      .max(maximumClasses)
      .refine((names) => new Set(names).size === names.length, 'Expected each class once')
      .describe('Class names in label order.'),
    images: z
      .strictObject({ train: z.int().min(2).max(100_000_000), test: z.int().min(1).max(100_000_000) })
      .describe('How many pictures are trained and tested on.'),
    size: sizeField,
    validation: z
      .strictObject({
        size: z
          .int()
          .min(0)
          .max(100_000_000)
          .default(0)
          .describe('Training images held out for validation, stratified by class; 0 for none.'),
        seed: seed.describe("Seed that draws the validation split; not the run's seed."),
      })
      .prefault({})
      .describe('Held out from the training data. Checkpoints and exit thresholds are chosen on it.'),
  })
  .superRefine(({ validation, images, classes }, context) => {
    refuseTooLargeValidation({ validation }, { train: images.train, classes: classes.length }, context)
  })

/**
 * Pictures of one's own, in class folders. They are named by their content: a spec says which pictures it was trained on,
 * and a table holds only runs on the very same ones. `mate-bench data add image-folder --from DIR` reads them and prints
 * the dataset part of a spec.
 */
export const imageFolder = {
  name: 'image-folder',
  title: 'Image folder',
  homepage: 'Pictures of your own, added with `mate-bench data add image-folder`.',
  citation: 'None.',
  licence: 'Yours: pictures stay on the machine that they are added on.',
  classes: [],
  imageShape: [224, 224, 3],
  counts: { train: 0, test: 0 },
  bundled: false,
  files: [],
  normalisation: imagenetNormalisation,
  caveats: [
    'Nobody else can check these numbers without the pictures: the digest in the name says which they are, not what is on them.',
  ],
  pictures: { shortSide: packedSide(224) },
  options,
  describe({ content, classes, images, size }: z.output<typeof options>): PicturesDataset {
    return {
      ...imageFolder,
      name: imageFolderName(content),
      classes,
      counts: images,
      imageShape: [size, size, 3],
      pictures: { shortSide: packedSide(size) },
    }
  },
} satisfies PicturesDataset<typeof options> as PicturesDataset<typeof options>

/** The name of added pictures in tracks and in the data folder. @param content `sha256:` and 64 hex digits */
export function imageFolderName(content: string): string {
  return `image-folder-${content.slice('sha256:'.length, 'sha256:'.length + 32)}`
}
