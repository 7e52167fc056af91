import { BenchError } from '@mate-bench/schema'
import { eq, sql } from 'drizzle-orm'
import type { Db } from '../drivers/db.ts'
import { type SubmissionState, submissionEvents, submissions } from '../schema/index.ts'
import { storableText } from '../storable-text.ts'
import { endLocalRuns } from './local-runs.ts'

export type Submission = typeof submissions.$inferSelect

/**
 * What may follow what. From `running` back to `queued`: a worker handed the job back, or was lost; from `failed`: an
 * operator has a run trained again.
 */
const following: Readonly<Record<SubmissionState, readonly SubmissionState[]>> = {
  submitted: ['approved', 'rejected', 'cancelled'],
  approved: ['queued', 'cancelled'],
  queued: ['running', 'failed', 'cancelled'],
  running: ['finished', 'failed', 'cancelled', 'queued'],
  rejected: [],
  finished: [],
  failed: ['queued'],
  cancelled: [],
}

/** True for a state that nothing follows by itself. */
export function isFinal(state: SubmissionState): boolean {
  return state === 'failed' || following[state].length === 0
}

/** Whether a submission may go from one state straight to another; none may go to the state that it has. */
export function mayFollow(from: SubmissionState, to: SubmissionState): boolean {
  return following[from].includes(to)
}

export interface StateChange {
  readonly to: SubmissionState
  /** Who did it: the owner of a token, `queue`, or `worker NAME`. */
  readonly actor: string
  readonly note?: string | undefined
  /** Columns that change along with the state. */
  readonly set?: Partial<
    Pick<typeof submissions.$inferInsert, 'worker' | 'failure' | 'progress' | 'cancelRequestedAt'>
  >
}

/**
 * Locks a submission for the rest of the transaction: whoever changes its state looks at it first through this.
 * @throws BenchError `not-found`
 */
export async function lockSubmission(tx: Db, id: string): Promise<Submission> {
  const [row] = await tx.select().from(submissions).where(eq(submissions.id, id)).for('update')
  if (row) return row
  throw submissionNotFound(id)
}

export function submissionNotFound(id: string): BenchError {
  return new BenchError({
    code: 'not-found',
    message: `There is no submission ${id.slice(0, 80)}.`,
    hint: 'Its id was in the answer to the submission: sub_ and 20 hex digits.',
  })
}

/**
 * The one way in which a submission changes its state, inside a transaction that holds it: the row, the event and what the
 * ledger says of its runs together.
 *
 * @throws BenchError `conflict` for a change that the present state does not allow
 */
export async function changeState(tx: Db, present: Submission, change: StateChange): Promise<Submission> {
  const { id, state } = present
  if (!mayFollow(state, change.to)) {
    throw new BenchError({
      code: 'conflict',
      message: `The submission ${id} is ${state} and cannot become ${change.to}.`,
      hint: isFinal(state)
        ? 'Nothing changes it any more: submit the spec again.'
        : `From here it can become ${following[state].join(', ')}.`,
    })
  }
  const set = { ...change.set }
  if (typeof set.failure === 'string') set.failure = storableText(set.failure)
  const [row] = await tx
    .update(submissions)
    .set({ ...set, state: change.to, updatedAt: sql`clock_timestamp()` })
    .where(eq(submissions.id, id))
    .returning()
  if (!row) throw submissionNotFound(id)
  await recordEvent(tx, id, state, change)
  if (change.to === 'cancelled') await endLocalRuns(tx, row, 'It was cancelled.')
  if (change.to === 'failed') await endLocalRuns(tx, row, row.failure ?? 'It failed.')
  return row
}

/** Adds to a submission's history, and nothing else: `changeState` does it along with the change. */
export async function recordEvent(
  tx: Db,
  submissionId: string,
  fromState: SubmissionState | null,
  { to, actor, note }: Pick<StateChange, 'to' | 'actor' | 'note'>,
): Promise<void> {
  await tx.insert(submissionEvents).values({
    submissionId,
    at: sql`clock_timestamp()`,
    fromState,
    toState: to,
    actor,
    note: note === undefined ? null : storableText(note),
  })
}
