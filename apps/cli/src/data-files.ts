import {
  addDataset,
  type Brought,
  datasetStatus,
  datasets,
  defaultDataFolder,
  fetchDataset,
  getDataset,
  imageFolder,
  pictureSizes,
  verifyDataset,
} from '@mate-bench/datasets'
import { BenchError } from '@mate-bench/schema'
import { listenForStop } from '@mate-bench/worker'
import { bytes, integer } from '@mate-bench/worker/numbers'
import { createPainter } from './format/paint.ts'
import { formatTable } from './format/table.ts'
import { addOwnPictures, preparePicturesOf } from './picture-files.ts'
import { createDownloadReporter } from './progress/download-reporter.ts'

/** What the `data` commands do. Each writes to standard output and sets the exit code. */

const say = (text: string) => process.stdout.write(`${text}\n`)
const paint = createPainter(process.stdout)

function place(dataFolder: string | undefined): { dataFolder?: string } {
  return dataFolder === undefined ? {} : { dataFolder }
}

export async function listDatasets(dataFolder: string | undefined, json: boolean): Promise<void> {
  const rows = await Promise.all(
    datasets.map(async (dataset) => ({ dataset, status: await datasetStatus(dataset, place(dataFolder)) })),
  )
  if (json) {
    const list = rows.map(({ dataset: { counts, imageShape, classes, homepage, licence }, status }) => ({
      ...status,
      counts,
      imageShape,
      classes: classes.length,
      homepage,
      licence,
    }))
    say(JSON.stringify({ datasets: list }, null, 2))
    return
  }
  const table = formatTable(
    [
      { title: 'dataset' },
      { title: 'state' },
      { title: 'training', align: 'right' },
      { title: 'test', align: 'right' },
      { title: 'images' },
      { title: 'classes', align: 'right' },
      { title: 'size', align: 'right' },
    ],
    rows.map(({ dataset: { name, counts, imageShape, classes }, status }) => [
      name,
      status.state === 'bundled' ? 'ships with MATE Bench' : status.state,
      integer(counts.train),
      integer(counts.test),
      imageShape.join('x'),
      String(classes.length),
      bytes(status.downloadBytes),
    ]),
    paint,
  )
  say(`${table}\n\nData folder: ${dataFolder ?? defaultDataFolder()}`)
}

export async function fetchFiles(name: string, dataFolder: string | undefined): Promise<void> {
  getDataset(name)
  const reporter = createDownloadReporter(process.stdout)
  const signals = listenForStop(() => {})
  // The second signal ends a download at once: what has come so far is kept in a .part file.
  signals.kill.addEventListener('abort', () => process.exit(130))
  try {
    const brought = await fetchDataset(name, {
      ...place(dataFolder),
      signal: signals.stop,
      onProgress: reporter.progress,
    })
    reporter.close()
    sayBrought(name, brought)
  } finally {
    reporter.close()
    signals.close()
  }
  await preparePicturesOf(name, dataFolder)
}

export interface AddFilesOptions {
  readonly from: string
  readonly dataFolder: string | undefined
  readonly size?: number
  readonly testShare?: number
  readonly splitSeed?: number
}

export async function addFiles(name: string, options: AddFilesOptions): Promise<void> {
  const { from, dataFolder, size, testShare, splitSeed } = options
  if (name === imageFolder.name) {
    await addOwnPictures({ from, dataFolder, size: pictureSize(size), testShare, splitSeed })
    return
  }
  getDataset(name)
  if (testShare !== undefined || splitSeed !== undefined) {
    throw new BenchError({
      code: 'bad-input',
      message: `${name} has a published test split: --test-share and --split-seed are for image-folder.`,
      path: '--test-share',
    })
  }
  sayBrought(name, await addDataset(name, { from, ...place(dataFolder) }))
  await preparePicturesOf(name, dataFolder, size)
}

function pictureSize(size: number | undefined) {
  const known = pictureSizes.find((candidate) => candidate === size)
  if (known !== undefined || size === undefined) return known
  throw new BenchError({
    code: 'bad-input',
    message: `--size must be one of ${pictureSizes.join(', ')}, found ${size}.`,
    path: '--size',
  })
}

export async function prepareFiles(
  name: string,
  dataFolder: string | undefined,
  size: number | undefined,
): Promise<void> {
  getDataset(name)
  if (await preparePicturesOf(name, dataFolder, size)) return
  say(`${name} holds bare pixels: there is nothing to prepare.`)
}

function sayBrought(name: string, { folder, files }: Brought): void {
  for (const file of files) say(`  ${paint('green', '✓')} ${file.name}  ${paint('dim', file.state)}`)
  say(`${name} is ready in ${folder}`)
}

export async function verifyFiles(
  name: string,
  dataFolder: string | undefined,
  json: boolean,
): Promise<void> {
  const files = await verifyDataset(name, place(dataFolder))
  const ok = files.every(({ state }) => state === 'ok')
  if (!ok) process.exitCode = 1
  if (json) {
    say(JSON.stringify({ dataset: name, ok, files }, null, 2))
    return
  }
  for (const file of files) {
    switch (file.state) {
      case 'ok':
        say(`  ${paint('green', '✓')} ${file.file}`)
        break
      case 'missing':
        say(`  ${paint('red', '✗')} ${file.file}: missing, expected at ${file.path}`)
        break
      case 'mismatch':
        say(
          `  ${paint('red', '✗')} ${file.file}: expected ${file.expected}, found ${file.found}\n      ${file.path}`,
        )
    }
  }
  say(
    ok
      ? paint('green', `${name} is what was published.`)
      : paint('red', `${name} is not complete. mate-bench data fetch ${name} brings what is missing.`),
  )
}
