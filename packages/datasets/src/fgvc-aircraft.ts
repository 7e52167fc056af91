import type { ArchiveLayout } from './dataset.ts'
import { aircraftVariants } from './fgvc-aircraft-classes.ts'
import { type PhotographFacts, photographs } from './pictures/fine-grained.ts'
import { linesOf, malformedList } from './pictures/read-lists.ts'

const root = 'fgvc-aircraft-2013b/data/'

/**
 * `images_variant_trainval.txt` and `images_variant_test.txt`: a line `NUMBER VARIANT` an image, in dataset order; labels
 * are the lines of `variants.txt`. The published train and val lists together are trainval: val is for development.
 */
export function aircraftLayout(classes: readonly string[]): ArchiveLayout {
  const lists = ['variants.txt', 'images_variant_trainval.txt', 'images_variant_test.txt']
  return {
    roleOf(path) {
      if (lists.some((name) => path === root + name)) return 'list'
      return /^fgvc-aircraft-2013b\/data\/images\/\d+\.jpg$/.test(path) ? 'picture' : undefined
    },
    arrange(contents) {
      const names = linesOf(contents, `${root}variants.txt`).map((line) => line.trim())
      const other = names.findIndex((name, i) => name !== classes[i])
      if (other >= 0 || names.length !== classes.length) {
        throw malformedList(
          `${root}variants.txt`,
          Math.max(other, 0) + 1,
          'is not the variant that was published',
        )
      }
      const labels = new Map(classes.map((name, label) => [name, label]))
      const split = (list: string) =>
        linesOf(contents, root + list).map((line, i) => {
          const [, number, variant = ''] = /^(\d+) (.+)$/.exec(line.trim()) ?? []
          const label = labels.get(variant)
          if (number === undefined || label === undefined) {
            throw malformedList(root + list, i + 1, 'is not a number and a variant')
          }
          return { path: `${root}images/${number}.jpg`, label }
        })
      return { train: split('images_variant_trainval.txt'), test: split('images_variant_test.txt') }
    },
  }
}

/** Its facts, which a test changes. */
export const aircraftFacts: PhotographFacts = {
  title: 'FGVC-Aircraft',
  homepage: 'https://www.robots.ox.ac.uk/~vgg/data/fgvc-aircraft/',
  citation:
    'S. Maji, E. Rahtu, J. Kannala, M. Blaschko, A. Vedaldi. Fine-Grained Visual Classification of Aircraft. ' +
    'arXiv:1306.5151, 2013.',
  licence:
    'Photographs were made available for non-commercial research purposes only; photographers keep the copyright.',
  classes: aircraftVariants,
  counts: { train: 6_667, test: 3_333 },
  smallestClass: 66,
  validation: 667,
  caveats: [
    'Classes are the 100 variants of release 2013b; trained on train and val together, tested on test. The banner of 20 rows at the bottom of each photograph is cut off.',
  ],
  files: [
    {
      name: 'fgvc-aircraft-2013b.tar.gz',
      urls: ['https://www.robots.ox.ac.uk/~vgg/data/fgvc-aircraft/archives/fgvc-aircraft-2013b.tar.gz'],
      // Size and MD5 by public loaders; the size that TensorFlow Datasets gives is that of the unpacked tar.
      bytes: 2_753_340_328,
      md5: 'd4acdd33327262359767eeaa97a4f732',
      packing: 'tar.gz',
      members: [],
    },
  ],
  archive: aircraftLayout(aircraftVariants),
  cropBottom: 20,
}

/** Maji et al. 2013: photographs of 100 variants of aircraft. */
export const fgvcAircraft = photographs('fgvc-aircraft', aircraftFacts)
