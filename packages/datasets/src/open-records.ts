import type { OpenDataset, RecordsDataset } from './dataset.ts'
import type { SplitOptions } from './options.ts'
import { createSplit, drawSplits } from './splits.ts'

/**
 * A dataset of bare pixels from its members' bytes, with the splits that the options say. Pure: it runs in a browser too.
 *
 * @param contents by member name, held to their checksums before
 * @param hash hex SHA-256 of bytes
 * @throws BenchError for members that are malformed
 */
export function openRecords(
  dataset: RecordsDataset,
  options: SplitOptions,
  contents: ReadonlyMap<string, Uint8Array>,
  hash: (bytes: Uint8Array) => string,
): OpenDataset {
  const files = dataset.files
    .flatMap((file) => file.members)
    .map(({ name, bytes }) => ({ name, bytes, sha256: hash(contents.get(name) ?? new Uint8Array()) }))
  const { train, test } = dataset.decode(contents)
  return withSplits(dataset, options, { files, trainSet: train, testSet: test })
}

/** Draws the splits of what was opened. */
export function withSplits(
  dataset: Pick<RecordsDataset, 'name' | 'imageShape' | 'classes' | 'normalisation' | 'homepage'>,
  options: SplitOptions,
  opened: Pick<OpenDataset, 'files' | 'trainSet' | 'testSet' | 'decoding'>,
): OpenDataset {
  const splits = drawSplits(opened.trainSet.labels, dataset.classes.length, options)
  return {
    name: dataset.name,
    imageShape: dataset.imageShape,
    classes: dataset.classes,
    normalisation: dataset.normalisation,
    source: dataset.homepage,
    ...opened,
    splits: {
      train: createSplit(splits.train),
      validation: createSplit(splits.validation),
      test: createSplit(Uint32Array.from(opened.testSet.labels, (_, index) => index)),
    },
  }
}
