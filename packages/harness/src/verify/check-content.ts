import type { Manifest } from '@mate-bench/schema'
import type { Report } from './check.ts'
import { checkClaims } from './check-claims.ts'
import { checkCosts } from './check-costs.ts'
import { checkDataset, findDataset } from './check-dataset.ts'
import type { RunBytes } from './check-files.ts'
import { checkLog } from './check-log.ts'
import { checkPredictions, checkResults } from './check-predictions.ts'
import type { CheckRunOptions } from './check-run.ts'
import { checkSignature } from './check-signature.ts'
import { checkSpec } from './check-spec.ts'
import { checkStart } from './check-start.ts'
import { checkTeachers } from './check-teachers.ts'
import { checkTimes } from './check-times.ts'
import { checkTraining } from './check-training.ts'
import { checkWeights, type Rerun } from './check-weights.ts'
import { fingerprintOf, type RunFingerprint } from './fingerprint.ts'

export interface CheckedContent {
  /** What tells the run from others, where its predictions are what a network can say. */
  readonly fingerprint: RunFingerprint | undefined
  /** How far its predictions are from what its weights say. */
  readonly rerun: Rerun
}

/**
 * Checks what the files of a run say, believing nothing: whatever follows from its spec, its data or its other files is
 * computed again and compared.
 */
export async function checkContent(
  folder: string,
  { manifest, bytes }: { readonly manifest: Manifest; readonly bytes: RunBytes },
  options: CheckRunOptions,
  report: Report,
): Promise<CheckedContent> {
  const signer = await checkSignature(folder, manifest, report)
  await checkStart(folder, { manifest, signer }, report)
  const spec = await checkSpec(manifest, bytes, report)
  if (!spec) return { fingerprint: undefined, rerun: {} }
  const run = { spec, manifest, bytes }
  const found = await findDataset(spec, options.dataFolder, () => report.alive())
  await checkDataset(spec, manifest, found, report)
  await checkCosts(spec, manifest, report)
  const files = await checkPredictions(run, found, report)
  await checkResults(spec, manifest, files, report)
  const metrics = await checkTraining(run, report)
  await checkLog(run, metrics, report)
  await checkTeachers(folder, run, report)
  await checkTimes(spec, manifest, report)
  const { weights, rerun } = await checkWeights(
    run,
    { found, files, metrics, full: options.full ?? false },
    report,
  )
  await checkClaims(manifest, report)
  const { test } = files
  const fingerprint = test && fingerprintOf({ manifest, table: test.table, epochs: metrics, weights })
  return { fingerprint, rerun }
}
