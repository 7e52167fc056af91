import { submissionProgressSchema } from '@mate-bench/schema'
import {
  type Db,
  getSubmission,
  type Launcher,
  launcherOf,
  listSubmissions,
  type Submission,
  type SubmissionState,
} from '@mate-bench/store'
import type { z } from 'zod'
import type { submissionSchema, submissionSummarySchema } from './schemas/submission.ts'

/** A submission as a list shows it. */
export function submissionSummary(row: Submission): z.output<typeof submissionSummarySchema> {
  // What an older worker wrote in another form is no reason to fail.
  const progress = submissionProgressSchema.safeParse(row.progress)
  return {
    id: row.id,
    kind: row.kind,
    checkedRunId: row.checkedRunId,
    state: row.state,
    name: row.spec.name,
    submitter: row.submitter,
    specDigest: row.specDigest,
    totalMacs: row.totalMacs,
    // A check is of one run.
    seeds: row.kind === 'training' ? row.spec.seeds.length : 1,
    cancelRequested: row.cancelRequestedAt !== null,
    progress: progress.success ? progress.data : null,
    failure: row.failure,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  }
}

/**
 * A submission with its history, place in the queue and the end of its log.
 * @throws BenchError `not-found`
 */
export async function submissionAnswer(
  db: Db,
  launcher: Launcher,
  id: string,
): Promise<z.output<typeof submissionSchema>> {
  const { submission, history, log, runIds } = await getSubmission(db, id)
  const { position } = await launcherOf(submission, launcher).status(db, submission)
  return {
    ...submissionSummary(submission),
    spec: submission.spec,
    position,
    runIds: [...runIds],
    sameSpec: await othersOfSpec(db, submission),
    history: history.map(({ at, ...event }) => ({ at: at.toISOString(), ...event })),
    log: log.map(({ at, line }) => ({ at: at.toISOString(), line })),
  }
}

/** Whatever trains the same, or has. */
const wanted: readonly SubmissionState[] = ['submitted', 'approved', 'queued', 'running', 'finished']

async function othersOfSpec(db: Db, { id, kind, specDigest }: Submission) {
  if (kind !== 'training') return []
  const { rows } = await listSubmissions(db, { specDigest, kind, states: wanted, limit: 11 })
  return rows
    .filter((other) => other.id !== id)
    .slice(0, 10)
    .map(({ id, state, createdAt }) => ({ id, state, createdAt: createdAt.toISOString() }))
}
