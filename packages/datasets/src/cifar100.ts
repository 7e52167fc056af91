import type { Dataset } from './dataset.ts'
import { decodeCifar } from './decode/cifar.ts'
import { datasetOptionsSchema } from './options.ts'

const counts = { train: 50_000, test: 10_000 }
// A record starts with the coarse label (20 superclasses); the fine label behind it is the class.
const records = { labelBytes: 2, labelAt: 1, classes: 100 } as const

/** The fine labels in order (`fine_label_names.txt` of the archive): alphabetical. */
const classes = (
  'apple aquarium_fish baby bear beaver bed bee beetle bicycle bottle bowl boy bridge bus butterfly camel can ' +
  'castle caterpillar cattle chair chimpanzee clock cloud cockroach couch crab crocodile cup dinosaur dolphin ' +
  'elephant flatfish forest fox girl hamster house kangaroo keyboard lamp lawn_mower leopard lion lizard lobster ' +
  'man maple_tree motorcycle mountain mouse mushroom oak_tree orange orchid otter palm_tree pear pickup_truck ' +
  'pine_tree plain plate poppy porcupine possum rabbit raccoon ray road rocket rose sea seal shark shrew skunk ' +
  'skyscraper snail snake spider squirrel streetcar sunflower sweet_pepper table tank telephone television tiger ' +
  'tractor train trout tulip turtle wardrobe whale willow_tree wolf woman worm'
).split(' ')

/** Krizhevsky, "Learning Multiple Layers of Features from Tiny Images", 2009: 32x32 colour images, 100 classes. */
export const cifar100 = {
  name: 'cifar100',
  title: 'CIFAR-100',
  homepage: 'https://www.cs.toronto.edu/~kriz/cifar.html',
  citation: 'A. Krizhevsky. Learning Multiple Layers of Features from Tiny Images. Technical report, 2009.',
  licence: 'None stated; the page asks to cite the technical report.',
  classes,
  imageShape: [32, 32, 3],
  counts,
  bundled: false,
  files: [
    {
      name: 'cifar-100-binary.tar.gz',
      urls: ['https://www.cs.toronto.edu/~kriz/cifar-100-binary.tar.gz'],
      bytes: 168_513_733,
      // SHA-256 and size by TensorFlow Datasets, MD5 by several public loaders.
      md5: '03b5dce01913d631647c71ecec9e9cb8',
      sha256: '58a81ae192c23a4be8b1804d68e518ed807d710a4eb253b1f2a199162a40d8ec',
      packing: 'tar.gz',
      // MD5s by a public loader that checks them; they serve only where the members are given alone.
      members: [
        {
          name: 'train.bin',
          path: 'cifar-100-binary/train.bin',
          bytes: 153_700_000,
          md5: '6172c7755cfe09b2fe270c85cebc1b15',
        },
        {
          name: 'test.bin',
          path: 'cifar-100-binary/test.bin',
          bytes: 30_740_000,
          md5: '4499cfba6c016c1be1438163640a0898',
        },
      ],
    },
  ],
  normalisation: {
    mean: [0.50707516, 0.48654887, 0.44091784],
    std: [0.26733429, 0.25643846, 0.27615047],
    source:
      'Pixel mean and standard deviation of the training images, as computed by the authors of OKDDip ' +
      '(Chen et al., AAAI 2020) in their data loader.',
  },
  options: datasetOptionsSchema('cifar100', { train: counts.train, classes: 100, validation: 5_000 }),
  decode(files) {
    return {
      train: decodeCifar(files, { ...records, files: ['train.bin'], recordsPerFile: 50_000 }),
      test: decodeCifar(files, { ...records, files: ['test.bin'], recordsPerFile: 10_000 }),
    }
  },
} satisfies Dataset
