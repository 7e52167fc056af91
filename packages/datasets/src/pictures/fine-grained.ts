import type { ArchiveLayout, PicturesDataset } from '../dataset.ts'
import { imagenetNormalisation, packedSide, pictureOptionsSchema } from './picture-options.ts'

/** What is particular to a published dataset of photographs. */
export interface PhotographFacts
  extends Pick<
    PicturesDataset,
    | 'title'
    | 'homepage'
    | 'citation'
    | 'licence'
    | 'classes'
    | 'counts'
    | 'files'
    | 'caveats'
    | 'availability'
  > {
  /** Training images of the class that has fewest. */
  readonly smallestClass: number
  /** Default size of the validation split. */
  readonly validation: number
  readonly archive: ArchiveLayout
  readonly cropBottom?: number
}

/** A published dataset of photographs of any size, seen at one of several sizes. */
export function photographs<const Name extends string>(
  name: Name,
  facts: PhotographFacts,
): PicturesDataset<ReturnType<typeof pictureOptionsSchema<Name>>> {
  const { smallestClass, validation, archive, cropBottom = 0, ...described } = facts
  const { classes, counts } = described
  const plan = (size: number) => ({ shortSide: packedSide(size), cropBottom, archive })
  const dataset: PicturesDataset<ReturnType<typeof pictureOptionsSchema<Name>>> = {
    name,
    ...described,
    imageShape: [224, 224, 3],
    bundled: false,
    normalisation: imagenetNormalisation,
    pictures: plan(224),
    options: pictureOptionsSchema(name, {
      train: counts.train,
      classes: classes.length,
      smallestClass,
      validation,
    }),
    describe({ size }) {
      return { ...dataset, imageShape: [size, size, 3], pictures: plan(size) }
    },
  }
  return dataset
}
