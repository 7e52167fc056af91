import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { formatEnvelope } from '@mate-bench/harness/signing'
import {
  type Check,
  checkOf,
  type RunFingerprint,
  relateRuns,
  relationCheck,
  teacherCheckName,
  verifyRun,
} from '@mate-bench/harness/verify'
import { companionFiles, type Manifest } from '@mate-bench/schema'
import type { ImportedRun, RunTier } from '@mate-bench/store'
import { refuseFailed } from './publish-folder.ts'
import { writeRunFolder } from './write-run-folder.ts'

/**
 * Makes what checks the runs of an export one after another, as when each is published: from its files, and against those
 * before it.
 */
export function importCheck(): (run: ImportedRun) => Promise<RunTier> {
  const before: RunFingerprint[] = []
  const weightsOf = new Map<string, string | undefined>()
  return async ({ manifest, signature, readFile }) => {
    const place = mkdtempSync(join(tmpdir(), 'mate-bench-import-'))
    const folder = join(place, manifest.runId)
    try {
      await writeRunFolder(folder, manifest, readFile)
      if (signature) writeFileSync(join(folder, companionFiles.signature.file), formatEnvelope(signature))
      const { checks, fingerprint } = await verifyRun(folder)
      refuseFailed(manifest.runId, checks)
      if (fingerprint) {
        const relations = relateRuns([...before, fingerprint]).filter(({ run }) => run === fingerprint)
        refuseFailed(manifest.runId, relations.map(relationCheck))
        before.push(fingerprint)
      }
      const taught = importedTeachers(manifest, weightsOf)
      refuseFailed(manifest.runId, taught)
      // What lay beside the folder was not needed where the imported copy could be compared.
      const compared = taught.length > 0 && taught.every(({ outcome }) => outcome === 'passed')
      const isChecked = checks.every(
        ({ name, outcome }) => outcome !== 'unchecked' || (compared && name.startsWith(teacherCheckName)),
      )
      weightsOf.set(manifest.runId, manifest.artifacts.find(({ role }) => role === 'model')?.sha256)
      return isChecked && signature ? 'recomputed' : 'reported'
    } finally {
      rmSync(place, { recursive: true, force: true })
    }
  }
}

/** Holds a run to those of the export that taught it; one that is not there is not compared. */
function importedTeachers(
  { teachers = [] }: Manifest,
  weightsOf: ReadonlyMap<string, string | undefined>,
): Check[] {
  return teachers.map(({ runId, weightsSha256 }) => {
    const name = `teacher ${runId}`
    if (!weightsOf.has(runId)) return checkOf(name, 'unchecked', 'it is not among the runs before')
    return weightsOf.get(runId) === weightsSha256
      ? checkOf(name, 'passed', `sha256:${weightsSha256}`)
      : checkOf(name, 'failed', `it has other weights: ${weightsOf.get(runId)}, not ${weightsSha256}`)
  })
}
