import type { Dataset, PublishedFile } from './dataset.ts'
import { decodeIdxPair } from './decode/idx.ts'
import { fashionMnist } from './fashion-mnist.ts'
import { fashionMnistClasses, fashionMnistMiniPairs } from './fashion-mnist-files.ts'
import { datasetOptionsSchema } from './options.ts'

const counts = { train: 6_000, test: 1_000 }

function shipped(
  member: string,
  packed: { bytes: number; sha256: string },
  content: { bytes: number; sha256: string },
): PublishedFile {
  return {
    name: `${member}.gz`,
    urls: [],
    ...packed,
    packing: 'gzip',
    members: [{ name: member, ...content }],
  }
}

/**
 * A fixed, class-balanced tenth of Fashion-MNIST that ships inside the package, so that everything runs
 * offline. Drawn by `scripts/make-fashion-mnist-mini.ts`; numbers on it compare with nothing published.
 */
export const fashionMnistMini = {
  name: 'fashion-mnist-mini',
  title: 'Fashion-MNIST mini',
  homepage: fashionMnist.homepage,
  citation: fashionMnist.citation,
  licence: fashionMnist.licence,
  classes: fashionMnistClasses,
  imageShape: [28, 28, 1],
  counts,
  bundled: true,
  files: [
    shipped(
      fashionMnistMiniPairs.train.images,
      { bytes: 2_630_939, sha256: 'afc9cf5f356b29f8705a98cfa106dd9e949a8fbdfceacefc252a6ecafa63efbd' },
      { bytes: 4_704_016, sha256: '151eecae01533d2f83da63b53b59546ede085a363d4949e567fcddc5af4828cb' },
    ),
    shipped(
      fashionMnistMiniPairs.train.labels,
      { bytes: 2_826, sha256: '1d0d88b5fa451af39f52ee63eec97c49c16d25e378a180ffff6f7d8f297d63a1' },
      { bytes: 6_008, sha256: '3f3420177bf56747290da17df4afcb9dac3d44b4bb043017b674e2386b4663de' },
    ),
    shipped(
      fashionMnistMiniPairs.test.images,
      { bytes: 440_291, sha256: '3982351e1800c63e6512e6c30ca49ef93999dccb062a580d1bc7872ab6f66d03' },
      { bytes: 784_016, sha256: '2992b79599d67aa92b6f60eb9d06beb202263322d1ec39a48302d75f71022df6' },
    ),
    shipped(
      fashionMnistMiniPairs.test.labels,
      { bytes: 482, sha256: 'd76968924e3b86bc21727f6bf96a209e3932d8a4d7d68fd6780c7e5f79845525' },
      { bytes: 1_008, sha256: '86f17e022f751ea4346d6150353f2d474d975df24ab7bfb42c9a86c9fe222743' },
    ),
  ],
  normalisation: {
    mean: [0.28724482],
    std: [0.35364571],
    source:
      'Mean and population standard deviation of all pixels of the 6,000 training images, on the 0..1 scale.',
  },
  options: datasetOptionsSchema('fashion-mnist-mini', { train: counts.train, classes: 10, validation: 600 }),
  decode(files) {
    return {
      train: decodeIdxPair(files, fashionMnistMiniPairs.train, [28, 28], 10),
      test: decodeIdxPair(files, fashionMnistMiniPairs.test, [28, 28], 10),
    }
  },
} satisfies Dataset
