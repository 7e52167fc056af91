import { BenchError, didYouMean } from '@mate-bench/schema'
import { z } from 'zod'
import { cifar10 } from './cifar10.ts'
import { cifar100 } from './cifar100.ts'
import { cub2002011 } from './cub-200-2011.ts'
import type { Dataset } from './dataset.ts'
import { fashionMnist } from './fashion-mnist.ts'
import { fashionMnistMini } from './fashion-mnist-mini.ts'
import { fgvcAircraft } from './fgvc-aircraft.ts'
import { imageFolder } from './image-folder.ts'
import type { SplitOptions } from './options.ts'
import { stanfordDogs } from './stanford-dogs.ts'
import { tinyImagenet } from './tiny-imagenet.ts'

export { type AugmentationOptions, augmentationOptions, isPlacement } from './augmentation/registry.ts'
export { imageFolder } from './image-folder.ts'
export { type PictureSize, pictureSizes } from './pictures/picture-options.ts'
export { splitCounts } from './splits.ts'

/** Every dataset, in the order in which they are listed. Nothing here needs Node: it also runs in a browser. */
export const datasets: readonly Dataset[] = [
  fashionMnistMini,
  fashionMnist,
  cifar10,
  cifar100,
  tinyImagenet,
  cub2002011,
  stanfordDogs,
  fgvcAircraft,
  imageFolder,
]

/** The dataset part of a spec. */
export const datasetOptions = z.discriminatedUnion('name', [
  fashionMnistMini.options,
  fashionMnist.options,
  cifar10.options,
  cifar100.options,
  tinyImagenet.options,
  cub2002011.options,
  stanfordDogs.options,
  fgvcAircraft.options,
  imageFolder.options,
])

export type DatasetOptions = z.output<typeof datasetOptions>

/**
 * The dataset of that name.
 *
 * @throws BenchError `not-found`, with the nearest name as hint
 */
export function getDataset(name: string): Dataset {
  const dataset = datasets.find((candidate) => candidate.name === name)
  if (dataset) return dataset
  const names = datasets.map((candidate) => candidate.name)
  const near = didYouMean(name, names)
  throw new BenchError({
    code: 'not-found',
    message: `There is no dataset "${name}".`,
    hint: near ? `Did you mean "${near}"?` : `The datasets are ${names.join(', ')}.`,
  })
}

/**
 * The dataset that a spec asks for: what its options change (size of the images, classes of one's own) is in it.
 *
 * @param options the dataset part of a spec, with its defaults
 * @throws BenchError `not-found`
 */
export function describeDataset(options: SplitOptions): Dataset {
  const dataset = getDataset(options.name)
  return dataset.describe?.(options) ?? dataset
}
