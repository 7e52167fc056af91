import { BenchError } from '@mate-bench/schema'
import { shareImages } from './batches/prepare-thread.ts'
import type { Dataset, ImageSet, OpenDataset, PicturesDataset, RecordsDataset } from './dataset.ts'
import { checksumMismatch, hashBytes } from './files/checksum.ts'
import { dataMissing, datasetFolder, defaultDataFolder, howToGet } from './files/data-folder.ts'
import { locate, readLocated } from './files/read-published.ts'
import { openRecords, withSplits } from './open-records.ts'
import type { SplitOptions } from './options.ts'
import { openPack, packedFiles } from './pictures/packed-file.ts'
import { type PrepareOptions, preparePictures } from './pictures/prepare.ts'
import { describeDataset } from './registry.ts'

export interface OpenDatasetOptions extends PrepareOptions {
  /** Told now and then while packed pictures are held to their checksum, which takes seconds. */
  readonly onAlive?: (() => void) | undefined
  /** A dataset that is not in the registry. */
  readonly dataset?: Dataset
}

/**
 * Finds a dataset's files, verifies size and checksum of each, decodes them and draws the splits. Images of bare pixels
 * are in shared memory; pictures are packed first where they are not yet, and stay in their file.
 *
 * @param options the dataset part of a spec, with its defaults
 * @throws BenchError `data-missing` with the commands that bring the files, `checksum-mismatch` with the file,
 *   what was expected and what was found, `not-found` for an unknown name, and what `preparePictures` throws
 */
export async function openDataset(
  options: SplitOptions,
  opts: OpenDatasetOptions = {},
): Promise<OpenDataset> {
  const dataset = opts.dataset ?? describeDataset(options)
  if ('pictures' in dataset) return withSplits(dataset, options, await openPictures(dataset, opts))
  const contents = await readVerified(dataset, opts.dataFolder ?? defaultDataFolder())
  const opened = openRecords(dataset, options, contents, hashBytes)
  return { ...opened, trainSet: shareImages(opened.trainSet) }
}

type Opened = Pick<OpenDataset, 'files' | 'trainSet' | 'testSet' | 'decoding'>

async function openPictures(dataset: PicturesDataset, opts: OpenDatasetOptions): Promise<Opened> {
  const { folder, index } = await preparePictures(dataset, opts)
  const { train, test } = await openPack(folder, index, opts.onAlive)
  requireSame(folder, 'classes', index.classes.join(', '), dataset.classes.join(', '))
  requireSame(folder, 'training images', countOf(train), dataset.counts.train)
  requireSame(folder, 'test images', countOf(test), dataset.counts.test)
  const { sources, bytes, sha256, shortSide, decoder } = index
  return {
    files: [...sources, { name: packedFiles.pixels, bytes, sha256 }],
    trainSet: train,
    testSet: test,
    decoding: { shortSide, decoder },
  }
}

const countOf = (set: ImageSet) => set.labels.length

function requireSame(folder: string, what: string, found: string | number, expected: string | number): void {
  if (found === expected) return
  throw new BenchError({
    code: 'bad-input',
    message: `The packed pictures have other ${what}: expected ${expected}, found ${found}.`,
    path: folder,
    hint: 'Delete this folder and prepare the dataset again.',
  })
}

async function readVerified(dataset: RecordsDataset, dataFolder: string): Promise<Map<string, Uint8Array>> {
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
