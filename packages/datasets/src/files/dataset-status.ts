import type { Dataset } from '../dataset.ts'
import { isPacked, packedFiles } from '../pictures/packed-file.ts'
import { type DatasetReference, datasetFolder, defaultDataFolder, resolveDataset } from './data-folder.ts'
import { locate } from './read-published.ts'

/** One line of `mate-bench data list`. Says what is there, not whether it is right: `verifyDataset` does. */
export interface DatasetStatus {
  readonly name: string
  readonly title: string
  readonly state: 'bundled' | 'ready' | 'partial' | 'missing'
  readonly folder: string
  readonly missing: readonly string[]
  /** Size of all published files, packed. */
  readonly downloadBytes: number
}

export async function datasetStatus(
  reference: DatasetReference,
  opts: { readonly dataFolder?: string } = {},
): Promise<DatasetStatus> {
  const dataset = resolveDataset(reference)
  const folder = datasetFolder(dataset, opts.dataFolder ?? defaultDataFolder())
  const missing: string[] = []
  if ('pictures' in dataset && (await isPacked(dataset, folder))) return statusOf(dataset, folder, missing)
  for (const file of dataset.files) {
    if ((await locate(file, folder)).form === 'missing') missing.push(file.name)
  }
  if (dataset.files.length === 0) missing.push(packedFiles.pixels)
  return statusOf(dataset, folder, missing)
}

function statusOf(dataset: Dataset, folder: string, missing: readonly string[]): DatasetStatus {
  const all = Math.max(1, dataset.files.length)
  const found = missing.length === 0 ? 'ready' : missing.length === all ? 'missing' : 'partial'
  return {
    name: dataset.name,
    title: dataset.title,
    state: dataset.bundled && found === 'ready' ? 'bundled' : found,
    folder,
    missing,
    downloadBytes: dataset.files.reduce((sum, file) => sum + file.bytes, 0),
  }
}
