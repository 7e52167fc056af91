import { readManifest } from '../manifest.ts'
import type { Report } from './check.ts'
import { checkClaims } from './check-claims.ts'
import { checkCosts } from './check-costs.ts'
import { checkDataset, findDataset } from './check-dataset.ts'
import { checkFiles } from './check-files.ts'
import { checkLog } from './check-log.ts'
import { checkPredictions, checkResults } from './check-predictions.ts'
import { checkSignature } from './check-signature.ts'
import { checkSpec } from './check-spec.ts'
import { checkStart } from './check-start.ts'
import { checkTeachers } from './check-teachers.ts'
import { checkTimes } from './check-times.ts'
import { checkTraining } from './check-training.ts'
import { checkWeights, type Rerun } from './check-weights.ts'
import { fingerprintOf, type RunFingerprint } from './fingerprint.ts'

export interface CheckRunOptions {
  /** Where datasets are looked for. @default `defaultDataFolder()` */
  readonly dataFolder?: string | undefined
  /** Runs the weights on every image instead of a sample. */
  readonly full?: boolean | undefined
}

export interface CheckedRun {
  /** What tells the run from others, where its predictions are what a network can say. */
  readonly fingerprint: RunFingerprint | undefined
  /** How far its predictions are from what its weights say. */
  readonly rerun: Rerun
}

/**
 * Checks a finished run, believing nothing that it says: whatever follows from its spec, its data or its other files is
 * computed again and compared.
 *
 * @throws BenchError when there is no readable manifest to check
 */
export async function checkRun(
  folder: string,
  options: CheckRunOptions,
  report: Report,
): Promise<CheckedRun> {
  const read = readManifest(folder)
  const { manifest } = read
  const bytes = await checkFiles(folder, read, report)
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
