import {
  addDataset,
  type Brought,
  datasetStatus,
  datasets,
  defaultDataFolder,
  fetchDataset,
  getDataset,
  verifyDataset,
} from '@mate-bench/datasets'
import { listenForStop } from '@mate-bench/worker'
import { bytes, integer } from '@mate-bench/worker/numbers'
import { createPainter } from './format/paint.ts'
import { formatTable } from './format/table.ts'
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
}

export async function addFiles(name: string, from: string, dataFolder: string | undefined): Promise<void> {
  sayBrought(name, await addDataset(name, { from, ...place(dataFolder) }))
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
