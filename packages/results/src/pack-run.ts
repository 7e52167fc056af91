import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { loadRuns } from '@mate-bench/harness/entries'
import { maximumBytes, readBounded } from '@mate-bench/harness/read-bounded'
import { digestBytes } from '@mate-bench/provenance'
import {
  type ArtifactRole,
  artifactFiles,
  BenchError,
  type CompanionRole,
  companionFiles,
} from '@mate-bench/schema'
import { answersOf } from './answers-file.ts'
import { checkAnswers } from './check-answers.ts'
import { digestOf, encodePackedRun, type PackedRun, packedRoles } from './packed-run.ts'

export interface PackOptions {
  /** Whether its weights go along. */
  readonly weights: boolean
}

/**
 * Packs a finished run folder.
 *
 * @throws BenchError `not-found`, `bad-input` for a folder without a readable run, `verification-failed` for files that
 *   are not the manifest's, or numbers that its predictions do not give
 */
export async function packRun(folder: string, { weights }: PackOptions): Promise<Uint8Array> {
  const [run] = await loadRuns([folder])
  if (!run) throw new RangeError('a folder gives a run')
  const { manifest, predictions } = run
  const files = new Map<ArtifactRole, Uint8Array>()
  for (const role of packedRoles) {
    if (role === 'model' && !weights) continue
    const { file } = artifactFiles[role]
    const bytes = readBounded(join(folder, file), maximumBytes[role])
    if (digestBytes(bytes) !== digestOf(manifest, role)) {
      throw new BenchError({
        code: 'verification-failed',
        message: `${join(folder, file)} is not the file that the manifest lists.`,
        path: folder,
        hint: `\`mate-bench verify ${folder}\` shows every difference.`,
      })
    }
    files.set(role, bytes)
  }
  const companions = new Map<CompanionRole, Uint8Array>()
  for (const role of Object.keys(companionFiles) as CompanionRole[]) {
    const path = join(folder, companionFiles[role].file)
    if (existsSync(path)) companions.set(role, readBounded(path, maximumBytes[role]))
  }
  const packed: PackedRun = { manifest, answers: answersOf(predictions.table), files, companions }
  checkAnswers(packed, folder)
  return encodePackedRun(packed)
}
