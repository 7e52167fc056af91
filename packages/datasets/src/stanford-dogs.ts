import type { ArchiveLayout } from './dataset.ts'
import { type PhotographFacts, photographs } from './pictures/fine-grained.ts'
import { readMatFile } from './pictures/mat-file.ts'
import { listOf, malformedList } from './pictures/read-lists.ts'
import { dogFolders } from './stanford-dogs-classes.ts'

/**
 * `train_list.mat` and `test_list.mat` hold a cell array `file_list` of `FOLDER/PICTURE.jpg` and `labels` from 1, in
 * dataset order; the folders begin with WordNet's id, in whose order the labels are.
 */
export function dogsLayout(folders: readonly string[]): ArchiveLayout {
  return {
    roleOf(path) {
      if (path === 'train_list.mat' || path === 'test_list.mat') return 'list'
      return /^Images\/[^/]+\/[^/.][^/]*\.jpg$/.test(path) ? 'picture' : undefined
    },
    async arrange(contents) {
      const split = async (list: string) => {
        const variables = await readMatFile(listOf(contents, list), list)
        const files = variables.get('file_list') ?? []
        const labels = variables.get('labels') ?? []
        if (files.length !== labels.length) throw malformedList(list, 1, 'has as many files as labels')
        return Array.from(files, (file: unknown, i) => {
          const label = Number(labels[i]) - 1
          const [folder] = typeof file === 'string' ? file.split('/') : []
          if (folder === undefined || folders[label] !== folder) {
            throw malformedList(
              list,
              i + 1,
              `says class ${label + 1} of ${String(file)}, which is not its folder's`,
            )
          }
          return { path: `Images/${String(file)}`, label }
        })
      }
      return { train: await split('train_list.mat'), test: await split('test_list.mat') }
    },
  }
}

const address = 'http://vision.stanford.edu/aditya86/ImageNetDogs/'

/** Its facts, which a test changes. */
export const dogsFacts: PhotographFacts = {
  title: 'Stanford Dogs',
  homepage: address,
  citation:
    'A. Khosla, N. Jayadevaprakash, B. Yao, L. Fei-Fei. Novel Dataset for Fine-Grained Image Categorization: ' +
    'Stanford Dogs. Workshop on Fine-Grained Visual Categorization, CVPR 2011.',
  licence: "None found; the photographs are ImageNet's, whose terms of access apply.",
  classes: dogFolders.map((folder) => folder.slice(folder.indexOf('-') + 1)),
  counts: { train: 12_000, test: 8_580 },
  smallestClass: 100,
  validation: 1_200,
  caveats: [
    'Its photographs, test images among them, are from ImageNet: a network that began with weights from ImageNet has seen them.',
  ],
  // SHA-256 and sizes by TensorFlow Datasets.
  files: [
    {
      name: 'lists.tar',
      urls: [`${address}lists.tar`],
      bytes: 481_280,
      sha256: '34b47cacd9a98b5d150e084f24d29391c084c55272295ec65c85651bc35f4d6c',
      packing: 'tar',
      members: [],
    },
    {
      name: 'images.tar',
      urls: [`${address}images.tar`],
      bytes: 793_579_520,
      sha256: 'a443fc2f9a851aa1a7b8e4fa4af94b8459fce2c9f5a2f4dd4669cf9673a4ec58',
      packing: 'tar',
      members: [],
    },
  ],
  archive: dogsLayout(dogFolders),
}

/** Khosla et al. 2011: photographs of 120 breeds of dogs. Boxes are not used. */
export const stanfordDogs = photographs('stanford-dogs', dogsFacts)
