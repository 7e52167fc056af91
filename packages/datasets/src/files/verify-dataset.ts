import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { BenchError } from '@mate-bench/schema'
import type { PublishedFile } from '../dataset.ts'
import { openPack, packedFiles, readPackedIndex } from '../pictures/packed-file.ts'
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
  const packed = 'pictures' in dataset ? await verifyPacked(folder) : []
  for (const file of dataset.files) {
    const found = await verifyFile(file, folder)
    // Once its pictures are packed, an archive may be deleted.
    const isSpent = packed.length > 0 && found.every(({ state }) => state === 'missing')
    if (!isSpent) reports.push(...found)
  }
  reports.push(...packed)
  return reports
}

/** One report for each folder of packed pictures. */
async function verifyPacked(folder: string): Promise<FileReport[]> {
  const reports: FileReport[] = []
  const names = await readdir(folder).catch(() => [])
  for (const name of names.filter((candidate) => /^packed-\d+-[0-9a-f]{8}$/.test(candidate)).sort()) {
    const path = join(folder, name)
    try {
      const index = await readPackedIndex(path)
      if (!index) {
        reports.push({ state: 'missing', file: `${name}/${packedFiles.index}`, path })
        continue
      }
      await openPack(path, index)
      reports.push({ state: 'ok', file: `${name}/${packedFiles.pixels}`, path })
    } catch (thrown) {
      if (!(thrown instanceof BenchError)) throw thrown
      const found = thrown.message
      reports.push({
        state: 'mismatch',
        file: name,
        path,
        expected: 'the pictures as they were packed',
        found,
      })
    }
  }
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
