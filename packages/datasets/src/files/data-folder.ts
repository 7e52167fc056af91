import { homedir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { BenchError } from '@mate-bench/schema'
import type { Dataset } from '../dataset.ts'
import { getDataset } from '../registry.ts'

/**
 * Where datasets are kept: `MATE_BENCH_DATA`, else `mate-bench/data` in the user's cache folder
 * (`XDG_CACHE_HOME`, else `~/.cache`).
 */
export function defaultDataFolder(env: Readonly<Record<string, string | undefined>> = process.env): string {
  if (env.MATE_BENCH_DATA) return env.MATE_BENCH_DATA
  return join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'mate-bench', 'data')
}

/** The folder of one dataset's files: in the data folder, or in the package for a bundled one. */
export function datasetFolder(dataset: Dataset, dataFolder: string): string {
  if (dataset.bundled) return fileURLToPath(new URL(`../../assets/${dataset.name}`, import.meta.url))
  return join(dataFolder, dataset.name)
}

/** A registered dataset's name, or a dataset that is described by the caller. */
export type DatasetReference = string | Dataset

export function resolveDataset(reference: DatasetReference): Dataset {
  return typeof reference === 'string' ? getDataset(reference) : reference
}

/** The two commands that bring a dataset's files. */
export function howToGet(dataset: Dataset): string {
  if (dataset.bundled) return 'These files ship with the package: install it again.'
  if (dataset.files.length === 0)
    return 'Run `mate-bench data add image-folder --from DIR` where the pictures are.'
  return (
    `Run \`mate-bench data fetch ${dataset.name}\`, or \`mate-bench data add ${dataset.name} --from DIR\` ` +
    `if you have the files.${dataset.availability === undefined ? '' : ` ${dataset.availability}`}`
  )
}

/** The error for files that are not there (yet). */
export function dataMissing(dataset: Dataset, folder: string, missing: readonly string[]): BenchError {
  return new BenchError({
    code: 'data-missing',
    message:
      missing.length === 0
        ? `The pictures of ${dataset.name} are not prepared in ${folder}.`
        : `The data of ${dataset.name} is not complete in ${folder}: ${missing.join(', ')} missing.`,
    path: folder,
    hint: howToGet(dataset),
  })
}
