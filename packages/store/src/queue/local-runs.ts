import { digestJson } from '@mate-bench/provenance'
import { inArray } from 'drizzle-orm'
import type { Db } from '../drivers/db.ts'
import { recordFailure } from '../ledger/run-events.ts'
import { ledgerEntries } from '../schema/index.ts'
import type { Submission } from './submission-states.ts'

/** The id of a run that workers of this database train: whichever of them goes on with it, it is the same. */
export function localRunId(
  { id: submissionId, runNonce }: Pick<Submission, 'id' | 'runNonce'>,
  seed: number,
): string {
  const digest = digestJson({ submissionId, runNonce, seed })
  return `run_${digest.slice('sha256:'.length, 'sha256:'.length + 20)}`
}

/**
 * Has the ledger write down the end of each run that a submission began and did not publish, once no worker goes on with it.
 * Those in the cloud tell it one by one.
 */
export async function endLocalRuns(tx: Db, submission: Submission, reason: string): Promise<void> {
  const { kind, launcher, spec } = submission
  if (kind !== 'training' || launcher !== 'local') return
  const runIds = spec.seeds.map((seed) => localRunId(submission, seed))
  const begun = await tx
    .selectDistinct({ runId: ledgerEntries.runId })
    .from(ledgerEntries)
    .where(inArray(ledgerEntries.runId, runIds))
  for (const { runId } of begun) await recordFailure(tx, runId, reason)
}
