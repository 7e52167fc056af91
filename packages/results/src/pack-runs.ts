import { existsSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { writeFileAtomic } from '@mate-bench/harness/atomic-file'
import { readManifest } from '@mate-bench/harness/read-manifest'
import { BenchError } from '@mate-bench/schema'
import { packRun } from './pack-run.ts'
import { packedPath, readPacked } from './results-folder.ts'

export interface PackRunsOptions {
  /** Folder of packed runs. */
  readonly to: string
  /** Seeds whose weights go along. */
  readonly weightsOf: (seed: number) => boolean
  readonly onRun?: ((run: PackedOutcome) => void) | undefined
}

export interface PackedOutcome {
  readonly folder: string
  readonly path: string
  readonly state: 'packed' | 'unchanged' | 'replaced'
}

/**
 * Packs run folders. What is packed already is left alone, so that it may be repeated as runs finish.
 *
 * @throws BenchError what `packRun` throws; runs before it are packed
 */
export async function packRuns(
  folders: readonly string[],
  options: PackRunsOptions,
): Promise<PackedOutcome[]> {
  const { to, weightsOf, onRun } = options
  const outcomes: PackedOutcome[] = []
  for (const folder of folders) {
    const { manifest } = readManifest(folder)
    const path = packedPath(to, manifest)
    const weights = weightsOf(manifest.seed)
    const before = present(path)
    const isSame =
      before?.manifest.manifestDigest === manifest.manifestDigest &&
      before.files.has('spec') &&
      before.files.has('model') === weights
    if (!isSame) {
      mkdirSync(dirname(path), { recursive: true })
      writeFileAtomic(path, await packRun(folder, { weights }))
    }
    const outcome = { folder, path, state: isSame ? 'unchanged' : before ? 'replaced' : 'packed' } as const
    outcomes.push(outcome)
    onRun?.(outcome)
  }
  return outcomes
}

function present(path: string) {
  try {
    return existsSync(path) ? readPacked({ path }) : undefined
  } catch (thrown) {
    // What is damaged is packed again.
    if (thrown instanceof BenchError) return undefined
    throw thrown
  }
}
