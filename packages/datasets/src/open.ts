import { shareImages } from './batches/prepare-thread.ts'
import type { Dataset, OpenDataset } from './dataset.ts'
import { checksumMismatch, hashBytes } from './files/checksum.ts'
import {
  dataMissing,
  datasetFolder,
  defaultDataFolder,
  howToGet,
  resolveDataset,
} from './files/data-folder.ts'
import { locate, readLocated } from './files/read-published.ts'
import type { SplitOptions } from './options.ts'
import { createSplit, drawSplits } from './splits.ts'

export interface OpenDatasetOptions {
  /** @default `defaultDataFolder()` */
  readonly dataFolder?: string | undefined
  /** A dataset that is not in the registry. */
  readonly dataset?: Dataset
}

/**
 * Finds a dataset's files, verifies size and checksum of each, decodes them and draws the splits. The images
 * are in shared memory.
 *
 * @param options the dataset part of a spec, with its defaults
 * @throws BenchError `data-missing` with the commands that bring the files, `checksum-mismatch` with the file,
 *   what was expected and what was found, `not-found` for an unknown name
 */
export async function openDataset(
  options: SplitOptions,
  opts: OpenDatasetOptions = {},
): Promise<OpenDataset> {
  const dataset = opts.dataset ?? resolveDataset(options.name)
  const contents = await readVerified(dataset, opts.dataFolder ?? defaultDataFolder())
  const files = dataset.files
    .flatMap((file) => file.members)
    .map(({ name, bytes }) => ({ name, bytes, sha256: hashBytes(contents.get(name) ?? new Uint8Array()) }))
  const { train, test } = dataset.decode(contents)
  const splits = drawSplits(train.labels, dataset.classes.length, options)
  return {
    name: dataset.name,
    imageShape: dataset.imageShape,
    classes: dataset.classes,
    normalisation: dataset.normalisation,
    source: dataset.homepage,
    files,
    trainSet: shareImages(train),
    testSet: test,
    splits: {
      train: createSplit(splits.train),
      validation: createSplit(splits.validation),
      test: createSplit(Uint32Array.from(test.labels, (_, index) => index)),
    },
  }
}

async function readVerified(dataset: Dataset, dataFolder: string): Promise<Map<string, Uint8Array>> {
  const folder = datasetFolder(dataset, dataFolder)
  const located = await Promise.all(
    dataset.files.map(async (file) => ({ file, found: await locate(file, folder) })),
  )
  const missing = located.filter(({ found }) => found.form === 'missing').map(({ file }) => file.name)
  if (missing.length > 0) throw dataMissing(dataset, folder, missing)
  const contents = new Map<string, Uint8Array>()
  for (const { file, found } of located) {
    if (found.form === 'missing') continue
    const read = await readLocated(file, found, (path, mismatch) =>
      checksumMismatch(path, mismatch, `Move it away. ${howToGet(dataset)}`),
    )
    for (const [name, content] of read) contents.set(name, content)
  }
  return contents
}
