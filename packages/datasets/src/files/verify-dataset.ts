import { join } from 'node:path'
import type { PublishedFile } from '../dataset.ts'
import { readBytes } from './bytes.ts'
import { type Mismatch, mismatchOfBytes } from './checksum.ts'
import { type DatasetReference, datasetFolder, defaultDataFolder, resolveDataset } from './data-folder.ts'
import { locate, mismatchOfPacked } from './read-published.ts'

/** One line of `mate-bench data verify`. */
export type FileReport =
  | { readonly state: 'ok' | 'missing'; readonly file: string; readonly path: string }
  | ({ readonly state: 'mismatch'; readonly file: string; readonly path: string } & Mismatch)

/** Holds every file of a dataset to its published size and checksum. Never throws for a file's content. */
export async function verifyDataset(
  reference: DatasetReference,
  opts: { readonly dataFolder?: string } = {},
): Promise<FileReport[]> {
  const dataset = resolveDataset(reference)
  const folder = datasetFolder(dataset, opts.dataFolder ?? defaultDataFolder())
  const reports: FileReport[] = []
  for (const file of dataset.files) reports.push(...(await verifyFile(file, folder)))
  return reports
}

/** One report for a packed or missing file, one for each member where they lie unpacked. */
export async function verifyFile(file: PublishedFile, folder: string): Promise<FileReport[]> {
  const located = await locate(file, folder)
  switch (located.form) {
    case 'missing':
      return [{ state: 'missing', file: file.name, path: join(folder, file.name) }]
    case 'packed':
      return [report(file.name, located.path, await mismatchOfPacked(file, located.path))]
    case 'members': {
      const reports: FileReport[] = []
      for (const [member, path] of located.paths) {
        reports.push(report(member.name, path, mismatchOfBytes(member, await readBytes(path))))
      }
      return reports
    }
  }
}

function report(file: string, path: string, mismatch: Mismatch | undefined): FileReport {
  return mismatch ? { state: 'mismatch', file, path, ...mismatch } : { state: 'ok', file, path }
}
