import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  addDataset,
  type Dataset,
  type DatasetReference,
  datasetStatus,
  fetchDataset,
  getDataset,
  howToGet,
} from '@mate-bench/datasets'
import { BenchError } from '@mate-bench/schema'
import type { ObjectStore } from './object-store.ts'

export interface BringDataOptions {
  readonly dataFolder: string
  /** Where published files are kept between machines. */
  readonly cache: ObjectStore | undefined
  readonly signal: AbortSignal
  readonly say: (line: string) => void
}

/**
 * Makes sure that a dataset's files are in the data folder: they are there, or in the cache, or where they were
 * published; from there they go into the cache too. Each file is held to its published checksum wherever it comes
 * from.
 *
 * @throws BenchError `offline`, `checksum-mismatch`, `storage`, `interrupted`
 */
export async function bringData(reference: DatasetReference, options: BringDataOptions): Promise<void> {
  const { dataFolder, cache, signal, say } = options
  const dataset = typeof reference === 'string' ? getDataset(reference) : reference
  const { missing } = await datasetStatus(dataset, { dataFolder })
  if (missing.length === 0) return
  if (dataset.files.length === 0) {
    throw new BenchError({
      code: 'data-missing',
      message: `The pictures of ${dataset.name} are somebody's own: no machine but theirs can train on them.`,
      path: dataset.name,
      hint: howToGet(dataset),
    })
  }
  if (cache && (await fromCache(dataset, cache, dataFolder, say))) return
  say(`${dataset.name}: downloading`)
  await fetchDataset(dataset, { dataFolder, signal })
  if (cache) await toCache(dataset, cache, dataFolder, say)
}

async function fromCache(
  dataset: Dataset,
  cache: ObjectStore,
  dataFolder: string,
  say: (line: string) => void,
): Promise<boolean> {
  const { name, files } = dataset
  const folder = await mkdtemp(join(tmpdir(), 'mate-bench-data-'))
  try {
    for (const file of files) {
      const isThere = await cache.getFile(`${name}/${file.name}`, join(folder, file.name))
      if (!isThere) return false
    }
    await addDataset(dataset, { from: folder, dataFolder })
    say(`${name}: from ${cache.where}`)
    return true
  } catch (thrown) {
    // A damaged copy is replaced by the download that follows; an empty one counts as not there.
    const isDamaged = thrown instanceof BenchError && ['checksum-mismatch', 'not-found'].includes(thrown.code)
    if (!isDamaged) throw thrown
    say(`${name}: the copy in ${cache.where} is damaged`)
    return false
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function toCache(
  dataset: Dataset,
  cache: ObjectStore,
  dataFolder: string,
  say: (line: string) => void,
): Promise<void> {
  const { name, files } = dataset
  const { folder } = await datasetStatus(dataset, { dataFolder })
  try {
    for (const file of files) {
      await cache.putFile(`${name}/${file.name}`, join(folder, file.name))
    }
  } catch (thrown) {
    // The run has its data; the next machine downloads again.
    say(`${name}: not cached: ${thrown instanceof Error ? thrown.message : String(thrown)}`)
  }
}
