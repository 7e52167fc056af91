import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { formatEnvelope } from '@mate-bench/harness/signing'
import { type RunFingerprint, relateRuns, relationCheck, verifyRun } from '@mate-bench/harness/verify'
import { companionFiles } from '@mate-bench/schema'
import type { ImportedRun, RunTier } from '@mate-bench/store'
import { refuseFailed } from './publish-folder.ts'
import { writeRunFolder } from './write-run-folder.ts'

/**
 * Makes what checks the runs of an export one after another, as when each is published: from its files, and against those
 * before it.
 */
export function importCheck(): (run: ImportedRun) => Promise<RunTier> {
  const before: RunFingerprint[] = []
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
      const isChecked = checks.every(({ outcome }) => outcome !== 'unchecked')
      return isChecked && signature ? 'recomputed' : 'reported'
    } finally {
      rmSync(place, { recursive: true, force: true })
    }
  }
}
