import type { WriteStream } from 'node:tty'
import {
  type AddImageFolderOptions,
  addImageFolder,
  datasetOptions,
  describeDataset,
  imageFolder,
  type PicturesDataset,
  preparePictures,
} from '@mate-bench/datasets'
import { BenchError } from '@mate-bench/schema'
import { listenForStop } from '@mate-bench/worker'
import { integer } from './format/numbers.ts'
import { createPackReporter, type PackReporter } from './progress/pack-reporter.ts'

/** What the `data` commands do with datasets of pictures. */

const say = (text: string) => process.stdout.write(`${text}\n`)

/** Adds pictures of the user's own and prints the dataset part of a spec. */
export async function addOwnPictures(
  options: Omit<AddImageFolderOptions, 'onProgress' | 'signal'>,
): Promise<void> {
  const { folder, state, dataset } = await withReporter('image-folder', (reporter, signal) =>
    addImageFolder({ ...options, signal, onProgress: reporter.progress }),
  )
  const { images, classes } = dataset
  say(
    `${state === 'present' ? 'Already here' : 'Added'}: ${classes.length} classes, ${integer(images.train)} pictures for training, ${integer(images.test)} for test, in ${folder}`,
  )
  say(`\nThe dataset part of a spec:\n\n"dataset": ${JSON.stringify(dataset, null, 2)}`)
}

/**
 * Decodes and packs a dataset's pictures, unless they are; does nothing for a dataset without.
 *
 * @param size what networks see; the dataset's default without
 */
export async function preparePicturesOf(
  name: string,
  dataFolder: string | undefined,
  size?: number,
): Promise<boolean> {
  const options = datasetOptions.safeParse({ name, ...(size === undefined ? {} : { size }) })
  if (!options.success) {
    const isOwn = name === imageFolder.name
    throw new BenchError({
      code: 'bad-input',
      message: isOwn
        ? 'Pictures of your own are packed when they are added, once for each size.'
        : `${name} can't be prepared: ${options.error.issues[0]?.message ?? 'unknown options'}.`,
      path: size === undefined ? name : '--size',
      hint: isOwn ? 'Run `mate-bench data add image-folder --from DIR --size N`.' : undefined,
    })
  }
  const dataset = describeDataset(options.data)
  if (!('pictures' in dataset)) return false
  const folder = await packPicturesOf(dataset, dataFolder, process.stdout)
  say(`${name} is packed in ${folder}`)
  return true
}

/**
 * The folder of a dataset's packed pictures, packed if need be.
 *
 * @param stream where to say how it goes
 */
export async function packPicturesOf(
  dataset: PicturesDataset,
  dataFolder: string | undefined,
  stream: WriteStream,
): Promise<string> {
  const { folder } = await withReporter(
    dataset.name,
    (reporter, signal) => preparePictures(dataset, { dataFolder, signal, onProgress: reporter.progress }),
    stream,
  )
  return folder
}

async function withReporter<T>(
  name: string,
  task: (reporter: PackReporter, signal: AbortSignal) => Promise<T>,
  stream: WriteStream = process.stdout,
): Promise<T> {
  const reporter = createPackReporter(stream, name)
  const signals = listenForStop(() => {})
  // What was packed is on the disk; the second signal ends at once.
  signals.kill.addEventListener('abort', () => process.exit(130))
  try {
    return await task(reporter, signals.stop)
  } finally {
    reporter.close()
    signals.close()
  }
}
