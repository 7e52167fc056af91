import { join } from 'node:path'
import { BenchError } from '@mate-bench/schema'
import type { Dataset, PublishedFile } from '../dataset.ts'
import { checksumMismatch } from './checksum.ts'
import { type DatasetReference, datasetFolder, defaultDataFolder, resolveDataset } from './data-folder.ts'
import { type DownloadFailure, downloadFile } from './download.ts'
import { withFolderLock } from './folder-lock.ts'
import { allPresent, type Brought, type BroughtFile, isPresent, verifyBundled } from './present-files.ts'
import { locate } from './read-published.ts'

export interface FetchProgress {
  /** `waiting`: another process is at it. */
  readonly phase: 'waiting' | 'downloading' | 'verifying'
  readonly file: string
  readonly bytes: number
  readonly totalBytes: number
}

export interface FetchOptions {
  /** @default `defaultDataFolder()` */
  readonly dataFolder?: string
  readonly onProgress?: (progress: FetchProgress) => void
  readonly signal?: AbortSignal
}

/**
 * Downloads what is missing of a dataset and verifies what is there. Resumes what an earlier call began; one
 * process at a time, others wait for it. Deletes nothing but its own `.part` files.
 *
 * @throws BenchError `offline` with what to download by hand and where to put it, `checksum-mismatch` with the
 *   file, what was expected and what was found, `storage`, `conflict`, `interrupted`
 */
export async function fetchDataset(reference: DatasetReference, opts: FetchOptions = {}): Promise<Brought> {
  const dataset = resolveDataset(reference)
  const folder = datasetFolder(dataset, opts.dataFolder ?? defaultDataFolder())
  if (dataset.bundled) return { folder, files: await verifyBundled(dataset, folder) }
  const present = await allPresent(dataset, folder)
  if (present) return { folder, files: present }
  const [first] = dataset.files
  const onWaiting = () =>
    opts.onProgress?.({ phase: 'waiting', file: first?.name ?? '', bytes: 0, totalBytes: first?.bytes ?? 0 })
  const files = await withFolderLock(folder, (signal) => bring(dataset, folder, opts, signal), {
    signal: opts.signal,
    onWaiting,
  })
  return { folder, files }
}

async function bring(
  dataset: Dataset,
  folder: string,
  opts: FetchOptions,
  signal: AbortSignal,
): Promise<BroughtFile[]> {
  const brought: BroughtFile[] = []
  for (const file of dataset.files) {
    if (await isPresent(file, folder)) {
      brought.push({ name: file.name, state: 'present' })
      continue
    }
    const progress = (phase: FetchProgress['phase'], bytes: number) =>
      opts.onProgress?.({ phase, file: file.name, bytes, totalBytes: file.bytes })
    progress('downloading', 0)
    const failure = await downloadFile(file, join(folder, file.name), {
      signal,
      onBytes: (bytes) => progress('downloading', bytes),
      onVerifying: () => progress('verifying', file.bytes),
    })
    if (failure) throw await downloadFailed(dataset, file, folder, failure)
    brought.push({ name: file.name, state: 'downloaded' })
  }
  return brought
}

async function downloadFailed(
  dataset: Dataset,
  file: PublishedFile,
  folder: string,
  failure: DownloadFailure,
): Promise<BenchError> {
  const byHand = await downloadByHand(dataset, folder)
  if (failure.mismatch) {
    const { url, ...mismatch } = failure.mismatch
    return checksumMismatch(`${file.name} from ${url}`, mismatch, byHand)
  }
  return new BenchError({
    code: 'offline',
    message: `${file.name} could not be downloaded (${failure.problems.join('; ')}).`,
    path: file.name,
    hint: byHand,
  })
}

async function downloadByHand(dataset: Dataset, folder: string): Promise<string> {
  const missing: string[] = []
  for (const file of dataset.files) {
    if ((await locate(file, folder)).form === 'missing') missing.push(file.urls[0] ?? file.name)
  }
  return (
    `Download by hand and put into ${folder}:\n${missing.map((url) => `  ${url}`).join('\n')}\n` +
    `or run \`mate-bench data add ${dataset.name} --from DIR\` where DIR holds the files.` +
    (dataset.availability === undefined ? '' : `\n${dataset.availability}`)
  )
}
