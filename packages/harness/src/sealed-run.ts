import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { digestBytes, digestJson } from '@mate-bench/provenance'
import { BenchError, type Manifest } from '@mate-bench/schema'
import { storageError } from './atomic-file.ts'
import { readManifest } from './read-manifest.ts'
import { filesOf, runFiles } from './run-files.ts'
import { hasCheckpoint, type LockRunFolderOptions, lockRunFolder, runFolderPath } from './run-folder.ts'
import { digestSpec, type Spec } from './spec.ts'

/**
 * Gives a run its final name that was killed between its manifest and that: nothing is trained again.
 *
 * @returns undefined where there is no such run
 * @throws BenchError `verification-failed` where the files are not those of the manifest and no checkpoint is left to
 *   go on from; `conflict`, `storage`
 */
export async function finishSealed(options: LockRunFolderOptions): Promise<Manifest | undefined> {
  const partial = `${runFolderPath(options.out, options.spec, options.seed)}.partial`
  const isSealed = () => existsSync(join(partial, runFiles.manifest))
  if (!isSealed()) return undefined
  const folder = await lockRunFolder(options)
  try {
    // Whoever had the lock may have finished it meanwhile.
    if (!isSealed()) return undefined
    const { manifest, problem } = inspect(partial, options.spec, options.seed)
    if (manifest) {
      folder.finish(filesOf(manifest))
      return manifest
    }
    if (!hasCheckpoint(partial)) {
      throw new BenchError({
        code: 'verification-failed',
        message: `The run was complete except for its final name, and was changed since: ${problem}.`,
        path: partial,
        hint: 'Delete the folder to train it again.',
      })
    }
    options.warn(
      `The finished run in ${partial} was changed: ${problem}. It goes on from its last checkpoint.`,
    )
    rmSync(folder.path(runFiles.manifest))
    return undefined
  } catch (thrown) {
    throw storageError(partial, thrown)
  } finally {
    folder.release()
  }
}

function inspect(partial: string, spec: Spec, seed: number): { manifest?: Manifest; problem?: string } {
  try {
    const { manifest } = readManifest(partial)
    const { manifestDigest, ...content } = manifest
    if (digestJson(content) !== manifestDigest) return { problem: `${runFiles.manifest} has another digest` }
    if (manifest.specDigest !== digestSpec(spec) || manifest.seed !== seed) {
      return { problem: `${runFiles.manifest} is of another spec or seed` }
    }
    for (const { file, sha256 } of manifest.artifacts) {
      if (digestBytes(readFileSync(join(partial, file))) !== `sha256:${sha256}`) {
        return { problem: `${file} has another digest` }
      }
    }
    return { manifest }
  } catch (thrown) {
    return { problem: thrown instanceof Error ? thrown.message : String(thrown) }
  }
}
