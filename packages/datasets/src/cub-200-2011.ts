import { cubClasses } from './cub-200-2011-classes.ts'
import type { ArchiveLayout } from './dataset.ts'
import { type PhotographFacts, photographs } from './pictures/fine-grained.ts'
import { linesOf, malformedList } from './pictures/read-lists.ts'

const root = 'CUB_200_2011/'

/**
 * `images.txt`, `image_class_labels.txt` and `train_test_split.txt` say of each image, by its number, where it lies, its
 * class from 1, and whether it is trained on (1) or tested on (0). Dataset order is that of `images.txt`.
 */
export function cubLayout(classes: readonly string[]): ArchiveLayout {
  const lists = ['images.txt', 'image_class_labels.txt', 'train_test_split.txt', 'classes.txt']
  return {
    roleOf(path) {
      if (lists.some((name) => path === root + name)) return 'list'
      // Not the `._` files that some systems put beside each file.
      return /^CUB_200_2011\/images\/[^/]+\/[^/.][^/]*\.jpg$/.test(path) ? 'picture' : undefined
    },
    arrange(contents) {
      const column = (name: string) => {
        const pairs = linesOf(contents, root + name).map((line, i) => {
          const [, number, value] = /^(\d+) (.+)$/.exec(line.trim()) ?? []
          if (number === undefined || value === undefined) {
            throw malformedList(root + name, i + 1, 'is not a number and a value')
          }
          return [number, value] as const
        })
        return new Map(pairs)
      }
      const labels = column('image_class_labels.txt')
      const isTrained = column('train_test_split.txt')
      const names = [...column('classes.txt').values()].map((name) => name.replace(/^\d+\./, ''))
      const other = names.findIndex((name, i) => name !== classes[i])
      if (other >= 0 || names.length !== classes.length) {
        throw malformedList(
          `${root}classes.txt`,
          Math.max(other, 0) + 1,
          'is not the class that was published',
        )
      }
      const splits = {
        train: [] as { path: string; label: number }[],
        test: [] as { path: string; label: number }[],
      }
      for (const [number, file] of column('images.txt')) {
        const [label, split] = [Number(labels.get(number)) - 1, isTrained.get(number)]
        if (!(label >= 0 && label < classes.length) || (split !== '0' && split !== '1')) {
          throw malformedList(
            `${root}images.txt`,
            Number(number),
            'has no class or no split in the other lists',
          )
        }
        splits[split === '1' ? 'train' : 'test'].push({ path: `${root}images/${file}`, label })
      }
      return splits
    },
  }
}

/** Its facts, which a test changes. */
export const cubFacts: PhotographFacts = {
  title: 'CUB-200-2011',
  homepage: 'https://www.vision.caltech.edu/datasets/cub_200_2011/',
  citation:
    'C. Wah, S. Branson, P. Welinder, P. Perona, S. Belongie. The Caltech-UCSD Birds-200-2011 Dataset. Technical ' +
    'report CNS-TR-2011-001, California Institute of Technology, 2011.',
  licence: 'None found; the photographs are from the web and belong to those who took them.',
  classes: cubClasses,
  counts: { train: 5_994, test: 5_794 },
  smallestClass: 29,
  validation: 600,
  caveats: [
    'Some of its photographs are in ImageNet too, as its page warns: a network that began with weights from ImageNet may have seen test images.',
  ],
  files: [
    {
      name: 'CUB_200_2011.tgz',
      urls: ['https://data.caltech.edu/records/65de6-vp158/files/CUB_200_2011.tgz'],
      bytes: 1_150_585_339,
      // SHA-256 and size by TensorFlow Datasets, MD5 by many public loaders.
      md5: '97eceeb196236b17998738112f37df78',
      sha256: '0c685df5597a8b24909f6a7c9db6d11e008733779a671760afef78feb49bf081',
      packing: 'tar.gz',
      members: [],
    },
  ],
  archive: cubLayout(cubClasses),
}

/** Wah et al. 2011: photographs of 200 species of birds. Boxes, parts and attributes are not used. */
export const cub2002011 = photographs('cub-200-2011', cubFacts)
