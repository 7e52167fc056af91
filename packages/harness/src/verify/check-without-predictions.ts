import type { ArtifactRole, Manifest } from '@mate-bench/schema'
import { type Check, createReport } from './check.ts'
import { checkCosts } from './check-costs.ts'
import { checkLog } from './check-log.ts'
import { checkSpec } from './check-spec.ts'
import { checkTimes } from './check-times.ts'
import { checkTraining } from './check-training.ts'

/**
 * What can be checked of a run whose predictions are not at hand: spec, costs, learning curves, log and times. It takes no
 * thread, so it is for files that are known to be the manifest's.
 */
export async function checkWithoutPredictions(
  manifest: Manifest,
  bytes: ReadonlyMap<ArtifactRole, Uint8Array>,
): Promise<readonly Check[]> {
  const checks: Check[] = []
  const report = createReport({
    onBegin: () => {},
    onCheck: (check) => checks.push(check),
    onAlive: () => {},
  })
  const spec = await checkSpec(manifest, bytes, report)
  if (!spec) return checks
  await checkCosts(spec, manifest, report)
  const metrics = await checkTraining({ spec, manifest, bytes }, report)
  await checkLog({ spec, manifest, bytes }, metrics, report)
  await checkTimes(spec, manifest, report)
  return checks
}
