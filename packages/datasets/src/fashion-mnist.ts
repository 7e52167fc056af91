import type { Dataset, PublishedFile } from './dataset.ts'
import { decodeIdxPair } from './decode/idx.ts'
import { fashionMnistClasses, fashionMnistPairs } from './fashion-mnist-files.ts'
import { datasetOptionsSchema } from './options.ts'

const counts = { train: 60_000, test: 10_000 }

/** The official mirror first, then the project's repository. */
const addresses = [
  'http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/',
  'https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/',
]

/** MD5s by the project's README, SHA-256 of the packed files by TensorFlow Datasets. */
function published(
  member: string,
  packed: { bytes: number; md5: string; sha256: string },
  content: { bytes: number; sha256: string },
): PublishedFile {
  const name = `${member}.gz`
  return {
    name,
    urls: addresses.map((address) => address + name),
    ...packed,
    packing: 'gzip',
    members: [{ name: member, ...content }],
  }
}

/** Xiao, Rasul, Vollgraf, "Fashion-MNIST", 2017: 28x28 grey images of clothing, 10 classes. */
export const fashionMnist = {
  name: 'fashion-mnist',
  title: 'Fashion-MNIST',
  homepage: 'https://github.com/zalandoresearch/fashion-mnist',
  citation:
    'H. Xiao, K. Rasul, R. Vollgraf. Fashion-MNIST: a Novel Image Dataset for Benchmarking Machine Learning ' +
    'Algorithms. arXiv:1708.07747, 2017.',
  licence: 'MIT, (c) 2017 Zalando SE',
  classes: fashionMnistClasses,
  imageShape: [28, 28, 1],
  counts,
  bundled: false,
  files: [
    published(
      fashionMnistPairs.train.images,
      {
        bytes: 26_421_880,
        md5: '8d4fb7e6c68d591d4c3dfef9ec88bf0d',
        sha256: '3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84',
      },
      { bytes: 47_040_016, sha256: 'c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888' },
    ),
    published(
      fashionMnistPairs.train.labels,
      {
        bytes: 29_515,
        md5: '25c81989df183df01b3e8a0aad5dffbe',
        sha256: 'a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845',
      },
      { bytes: 60_008, sha256: 'bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9' },
    ),
    published(
      fashionMnistPairs.test.images,
      {
        bytes: 4_422_102,
        md5: 'bef4ecab320f06d8554ea6380940ec79',
        sha256: '346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073',
      },
      { bytes: 7_840_016, sha256: '5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b' },
    ),
    published(
      fashionMnistPairs.test.labels,
      {
        bytes: 5_148,
        md5: 'bb300cfdad3c16e7a12a480ee83cd310',
        sha256: '67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5',
      },
      { bytes: 10_008, sha256: '0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34' },
    ),
  ],
  normalisation: {
    mean: [0.2860406],
    std: [0.35302424],
    source:
      'Mean and population standard deviation of all pixels of the 60,000 training images, on the 0..1 scale.',
  },
  options: datasetOptionsSchema('fashion-mnist', { train: counts.train, classes: 10, validation: 6_000 }),
  decode(files) {
    return {
      train: decodeIdxPair(files, fashionMnistPairs.train, [28, 28], 10),
      test: decodeIdxPair(files, fashionMnistPairs.test, [28, 28], 10),
    }
  },
} satisfies Dataset
