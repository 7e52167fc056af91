import type { Dataset } from './dataset.ts'
import { decodeCifar } from './decode/cifar.ts'
import { datasetOptionsSchema } from './options.ts'

const counts = { train: 50_000, test: 10_000 }
const trainFiles = [1, 2, 3, 4, 5].map((batch) => `data_batch_${batch}.bin`)
const records = { recordsPerFile: 10_000, labelBytes: 1, labelAt: 0, classes: 10 } as const

/**
 * The page states no checksum for what is inside the archive. These MD5s come from a public loader that
 * checks them, and serve only where the members are given without their archive.
 */
const memberMd5 = {
  'data_batch_1.bin': '5dd7e06a14cb22eb9f671a540d1b7c25',
  'data_batch_2.bin': '5ea93a67294ea407fff1d09f752e9692',
  'data_batch_3.bin': '942cd6a4bcdd0dd3c604fbe906cb4421',
  'data_batch_4.bin': 'ae636b3ba5c66a11e91e8cb52e771fcb',
  'data_batch_5.bin': '53f37980c15c3d472c316c40844f3f0d',
  'test_batch.bin': '803d5f7f4d78ea53de84dbe85f74fb6d',
} as const

/** Krizhevsky, "Learning Multiple Layers of Features from Tiny Images", 2009: 32x32 colour images, 10 classes. */
export const cifar10 = {
  name: 'cifar10',
  title: 'CIFAR-10',
  homepage: 'https://www.cs.toronto.edu/~kriz/cifar.html',
  citation: 'A. Krizhevsky. Learning Multiple Layers of Features from Tiny Images. Technical report, 2009.',
  licence: 'None stated; the page asks to cite the technical report.',
  classes: ['airplane', 'automobile', 'bird', 'cat', 'deer', 'dog', 'frog', 'horse', 'ship', 'truck'],
  imageShape: [32, 32, 3],
  counts,
  bundled: false,
  files: [
    {
      name: 'cifar-10-binary.tar.gz',
      urls: ['https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz'],
      bytes: 170_052_171,
      // MD5 by the official page, SHA-256 and size by TensorFlow Datasets.
      md5: 'c32a1d4ab5d03f1284b67883e8d87530',
      sha256: 'c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd',
      packing: 'tar.gz',
      members: Object.entries(memberMd5).map(([name, md5]) => ({
        name,
        path: `cifar-10-batches-bin/${name}`,
        bytes: 30_730_000,
        md5,
      })),
    },
  ],
  normalisation: {
    mean: [0.49139968, 0.48215841, 0.44653091],
    std: [0.24703223, 0.24348513, 0.26158784],
    source:
      'Pixel mean and standard deviation of the training images, as computed by the authors of OKDDip ' +
      '(Chen et al., AAAI 2020) in their data loader. Not the widespread std of 0.2023, 0.1994, 0.2010.',
  },
  options: datasetOptionsSchema('cifar10', { train: counts.train, classes: 10, validation: 5_000 }),
  decode(files) {
    return {
      train: decodeCifar(files, { ...records, files: trainFiles }),
      test: decodeCifar(files, { ...records, files: ['test_batch.bin'] }),
    }
  },
} satisfies Dataset
