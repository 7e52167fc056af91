import {
  addDataset,
  type Brought,
  datasetStatus,
  datasets,
  defaultDataFolder,
  type FileReport,
  fetchDataset,
  getDataset,
  howToGet,
  imageFolder,
  imageFolderNames,
  listImageFolders,
  pictureSizes,
  verifyDataset,
} from '@mate-bench/datasets'
import { BenchError } from '@mate-bench/schema'
import { listenForStop } from '@mate-bench/worker'
import { bytes, integer } from './format/numbers.ts'
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
  const added = await listImageFolders(dataFolder)
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
    const imageFolders = added.map(({ classes, ...rest }) => ({ ...rest, classes: classes.length }))
    say(JSON.stringify({ datasets: list, imageFolders }, null, 2))
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
    [
      ...rows
        .filter(({ dataset }) => dataset !== imageFolder)
        .map(({ dataset: { name, counts, imageShape, classes }, status }) => [
          name,
          status.state === 'bundled' ? 'ships with MATE Bench' : status.state,
          integer(counts.train),
          integer(counts.test),
          imageShape.join('x'),
          String(classes.length),
          bytes(status.downloadBytes),
        ]),
      ...added.map(({ name, counts, shortSide, classes, bytes: size }) => [
        name,
        'your own',
        integer(counts.train),
        integer(counts.test),
        `short side ${shortSide}`,
        String(classes.length),
        bytes(size),
      ]),
    ],
    paint,
  )
  const own = added.length > 0 ? '' : '\nYour own pictures: mate-bench data add image-folder --from DIR'
  say(`${table}\n${own}\nData folder: ${dataFolder ?? defaultDataFolder()}`)
}

export async function fetchFiles(name: string, dataFolder: string | undefined): Promise<void> {
  if (getDataset(name) === imageFolder) {
    throw new BenchError({
      code: 'bad-input',
      message: 'Pictures of your own are published nowhere: there is nothing to fetch.',
      path: name,
      hint: howToGet(imageFolder),
    })
  }
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

/** Of pictures of the user's own, every folder that was added. */
async function verifyNamed(name: string, dataFolder: string | undefined): Promise<FileReport[]> {
  if (name !== imageFolder.name) return await verifyDataset(name, place(dataFolder))
  // By the names of the folders: one whose index is damaged is what this is to find.
  const names = await imageFolderNames(dataFolder)
  const reports = await Promise.all(
    names.map((own) => verifyDataset({ ...imageFolder, name: own }, place(dataFolder))),
  )
  if (reports.flat().length > 0) return reports.flat()
  throw new BenchError({
    code: 'data-missing',
    message: 'No pictures of your own are in the data folder.',
    path: dataFolder ?? defaultDataFolder(),
    hint: howToGet(imageFolder),
  })
}

export async function verifyFiles(
  name: string,
  dataFolder: string | undefined,
  json: boolean,
): Promise<void> {
  const files = await verifyNamed(name, dataFolder)
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
      ? paint(
          'green',
          name === imageFolder.name
            ? 'Your pictures are as they were packed.'
            : `${name} is what was published.`,
        )
      : paint('red', `${name} is not complete. ${howToGet(getDataset(name))}`),
  )
}
