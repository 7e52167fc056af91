import type { Dataset, PublishedFile } from '../dataset.ts'
import { checksumMismatch } from './checksum.ts'
import { dataMissing } from './data-folder.ts'
import { locate } from './read-published.ts'
import { type FileReport, verifyFile } from './verify-dataset.ts'

export interface BroughtFile {
  readonly name: string
  readonly state: 'present' | 'downloaded' | 'added'
}

/** What fetching or adding a dataset came to. */
export interface Brought {
  readonly folder: string
  readonly files: readonly BroughtFile[]
}

/**
 * Whether a published file is in the folder, packed or as members, with the right content.
 *
 * @throws BenchError `checksum-mismatch` when it is there with another content: it may be the user's own
 */
export async function isPresent(file: PublishedFile, folder: string): Promise<boolean> {
  if ((await locate(file, folder)).form === 'missing') return false
  const wrong = (await verifyFile(file, folder)).find(
    (report): report is Extract<FileReport, { state: 'mismatch' }> => report.state === 'mismatch',
  )
  if (wrong) throw checksumMismatch(wrong.path, wrong, 'Move it away, then run the command again.')
  return true
}

/**
 * The files of a dataset where all of them are in the folder, each verified: nothing has to be written then, and the
 * folder may be one that can't be.
 *
 * @throws BenchError `checksum-mismatch`
 */
export async function allPresent(dataset: Dataset, folder: string): Promise<BroughtFile[] | undefined> {
  for (const file of dataset.files) {
    if ((await locate(file, folder)).form === 'missing') return undefined
  }
  for (const file of dataset.files) {
    if (!(await isPresent(file, folder))) return undefined
  }
  return dataset.files.map(({ name }) => ({ name, state: 'present' }))
}

/**
 * The files of a bundled dataset, each verified.
 *
 * @throws BenchError `data-missing` or `checksum-mismatch` when the installation is damaged
 */
export async function verifyBundled(dataset: Dataset, folder: string): Promise<BroughtFile[]> {
  const files: BroughtFile[] = []
  for (const file of dataset.files) {
    if (!(await isPresent(file, folder))) throw dataMissing(dataset, folder, [file.name])
    files.push({ name: file.name, state: 'present' })
  }
  return files
}
