import { join } from 'node:path'
import { digestBytes } from '@mate-bench/provenance'
import { BenchError, type Manifest } from '@mate-bench/schema'
import { readJsonLines } from './json-lines.ts'
import { decodePredictions, type PredictionsFile } from './predictions-file.ts'
import { maximumBytes, readBounded } from './read-bounded.ts'
import { readManifest } from './read-manifest.ts'
import { runFiles } from './run-files.ts'
import { columnProblems } from './verify/check-columns.ts'

/** A finished run as it stands on disk. */
export interface LoadedRun {
  readonly folder: string
  readonly manifest: Manifest
  /** Of the test split. */
  readonly predictions: PredictionsFile
  /** Rows of `metrics.jsonl`, one an epoch, as they were written. */
  readonly epochs: readonly unknown[]
}

/**
 * Reads finished runs. Intervals and tests are computed from the predictions, so these are held to the digest in
 * the manifest, and their columns to each other; `verifyRun` checks everything else.
 *
 * @throws BenchError `not-found` and `bad-input` for folders without a readable run, `verification-failed` for
 *   predictions that are not the ones the manifest lists, or that no network can have made
 */
export async function loadRuns(folders: readonly string[]): Promise<LoadedRun[]> {
  return await Promise.all(folders.map(loadRun))
}

async function loadRun(folder: string): Promise<LoadedRun> {
  const { manifest } = readManifest(folder)
  const path = join(folder, runFiles.predictions)
  const listed = manifest.artifacts.find(({ role }) => role === 'predictions')
  const bytes = readPredictionBytes(path, folder)
  if (digestBytes(bytes) !== `sha256:${listed?.sha256}`) {
    throw new BenchError({
      code: 'verification-failed',
      message: `${path} is not the file that the manifest lists.`,
      path,
      hint: `\`mate-bench verify ${folder}\` shows every difference.`,
    })
  }
  const predictions = await decodePredictions(bytes, path)
  const [problem] = columnProblems(predictions.table, (row) => `image ${predictions.indices[row]}`)
  if (problem !== undefined) {
    throw new BenchError({
      code: 'verification-failed',
      message: `${path} holds predictions that no network can give: ${problem}.`,
      path,
      hint: `\`mate-bench verify ${folder}\` shows every check.`,
    })
  }
  return { folder, manifest, predictions, epochs: readJsonLines(join(folder, runFiles.metrics)) }
}

function readPredictionBytes(path: string, folder: string): Uint8Array {
  try {
    return readBounded(path, maximumBytes.predictions)
  } catch (thrown) {
    throw new BenchError({
      code: 'not-found',
      message: `The run in ${folder} has no readable ${runFiles.predictions}.`,
      path,
      hint: 'Take the whole run folder, or run the spec again.',
      cause: thrown,
    })
  }
}
