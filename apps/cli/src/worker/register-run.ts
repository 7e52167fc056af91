import { findSigningKey } from '@mate-bench/harness/signing'
import { digestSpec } from '@mate-bench/harness/spec'
import { digestExperiment } from '@mate-bench/provenance'
import { localRunId, recordStart } from '@mate-bench/store'
import type { Session, WorkerContext } from './session.ts'

/**
 * Registers a run in the ledger before it trains. It stays the same run whichever worker resumes it.
 * @returns the run's id
 */
export async function registerRun(
  { db }: Pick<WorkerContext, 'db'>,
  { submission, spec }: Pick<Session, 'submission' | 'spec'>,
  seed: number,
): Promise<string> {
  const runId = localRunId(submission, seed)
  const run = { runId, specDigest: digestSpec(spec), experimentDigest: digestExperiment(spec), seed }
  await recordStart(db, run, { key: findSigningKey()?.keyId ?? null, takesOver: true })
  return runId
}
