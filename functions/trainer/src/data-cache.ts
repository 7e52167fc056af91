import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { addDataset, datasetStatus, fetchDataset, getDataset } from '@mate-bench/datasets'
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
export async function bringData(name: string, options: BringDataOptions): Promise<void> {
  const { dataFolder, cache, signal, say } = options
  const here = async () => (await datasetStatus(name, { dataFolder })).missing.length === 0
  if (await here()) return
  if (cache && (await fromCache(name, cache, dataFolder, say))) return
  say(`${name}: downloading`)
  await fetchDataset(name, { dataFolder, signal })
  if (cache) await toCache(name, cache, dataFolder, say)
}

async function fromCache(
  name: string,
  cache: ObjectStore,
  dataFolder: string,
  say: (line: string) => void,
): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'mate-bench-data-'))
  try {
    for (const file of getDataset(name).files) {
      const bytes = await cache.get(`${name}/${file.name}`)
      if (!bytes) return false
      await writeFile(join(folder, file.name), bytes)
    }
    await addDataset(name, { from: folder, dataFolder })
    say(`${name}: from ${cache.where}`)
    return true
  } catch (thrown) {
    if (!(thrown instanceof BenchError) || thrown.code !== 'checksum-mismatch') throw thrown
    // A damaged copy is replaced by the download that follows.
    say(`${name}: the copy in ${cache.where} is damaged`)
    return false
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function toCache(
  name: string,
  cache: ObjectStore,
  dataFolder: string,
  say: (line: string) => void,
): Promise<void> {
  const { folder } = await datasetStatus(name, { dataFolder })
  try {
    for (const file of getDataset(name).files) {
      await cache.put(`${name}/${file.name}`, await readFile(join(folder, file.name)))
    }
  } catch (thrown) {
    // The run has its data; the next machine downloads again.
    say(`${name}: not cached: ${thrown instanceof Error ? thrown.message : String(thrown)}`)
  }
}
