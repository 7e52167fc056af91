import { findSigningKey } from '@mate-bench/harness/signing'
import { digestSpec } from '@mate-bench/harness/spec'
import { digestExperiment, digestJson } from '@mate-bench/provenance'
import { type Outcome, recordFailure, recordStart } from '@mate-bench/store'
import type { Session, WorkerContext } from './session.ts'

/**
 * Has the ledger write a run down before it trains. Whichever worker goes on with it, it is the same run.
 * @returns the run's id
 */
export async function registerRun(
  { db }: Pick<WorkerContext, 'db'>,
  { submission, spec }: Pick<Session, 'submission' | 'spec'>,
  seed: number,
): Promise<string> {
  const { id: submissionId, runNonce } = submission
  const runId = `run_${digestJson({ submissionId, runNonce, seed }).slice('sha256:'.length, 'sha256:'.length + 20)}`
  const run = { runId, specDigest: digestSpec(spec), experimentDigest: digestExperiment(spec), seed }
  await recordStart(db, run, { key: findSigningKey()?.keyId ?? null, takesOver: true })
  return runId
}

/** Has it write down that a run ended before it was finished; one that is handed back goes on. */
export async function registerEnd(
  { db }: Pick<WorkerContext, 'db'>,
  runId: string,
  outcome: Outcome,
): Promise<void> {
  if (outcome.state !== 'failed' && outcome.state !== 'cancelled') return
  const reason = outcome.state === 'failed' ? outcome.failure : 'It was cancelled.'
  await db.transaction((tx) => recordFailure(tx, runId, reason))
}
