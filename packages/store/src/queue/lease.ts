import { and, eq, lt, sql } from 'drizzle-orm'
import type { Db } from '../drivers/db.ts'
import { submissionEvents, submissions } from '../schema/index.ts'
import { addJob, localQueue } from './local-queue.ts'
import { changeState, lockSubmission, type Submission } from './submission-states.ts'

/**
 * A worker has a submission while the row says `running` with its name and was touched within the lease. Whoever
 * finds it older takes it away. The clock is the database's, so that workers need not agree on the time.
 */
export interface Lease {
  readonly submissionId: string
  /** Unique name of the worker that has it. */
  readonly worker: string
}

/** A submission that lost so many workers is given up: it may be what ends them. */
export const maximumLosses = 5

/** Who changes states where no person and no worker does. */
export const queueActor = 'queue'

export type Claim = { readonly taken: true; readonly submission: Submission } | { readonly taken: false }

/** Takes a queued submission, or says that it is no longer to be had: cancelled, or somebody else's. */
export async function claimSubmission(db: Db, { submissionId, worker }: Lease): Promise<Claim> {
  return await db.transaction(async (tx) => {
    const present = await lockSubmission(tx, submissionId)
    if (present.state !== 'queued' || present.launcher !== 'local') return { taken: false }
    const losses = await tx.$count(
      submissionEvents,
      and(
        eq(submissionEvents.submissionId, submissionId),
        eq(submissionEvents.fromState, 'running'),
        eq(submissionEvents.toState, 'queued'),
        eq(submissionEvents.actor, queueActor),
      ),
    )
    if (losses >= maximumLosses) {
      const failure = `${losses} workers were lost while they trained it.`
      await changeState(tx, present, { to: 'failed', actor: queueActor, note: failure, set: { failure } })
      return { taken: false }
    }
    const submission = await changeState(tx, present, {
      to: 'running',
      actor: `worker ${worker}`,
      set: { worker },
    })
    return { taken: true, submission }
  })
}

export type Heartbeat = 'go on' | 'cancel' | 'lost'

/** Tells that the worker is alive and how far it is, and hears whether to go on. */
export async function keepLease(
  db: Db,
  { submissionId, worker }: Lease,
  progress?: unknown,
): Promise<Heartbeat> {
  const [row] = await db
    .update(submissions)
    .set({ updatedAt: sql`clock_timestamp()`, ...(progress === undefined ? {} : { progress }) })
    .where(
      and(eq(submissions.id, submissionId), eq(submissions.worker, worker), eq(submissions.state, 'running')),
    )
    .returning({ cancelRequestedAt: submissions.cancelRequestedAt })
  if (!row) return 'lost'
  return row.cancelRequestedAt ? 'cancel' : 'go on'
}

export type Outcome =
  | { readonly state: 'finished' }
  | { readonly state: 'failed'; readonly failure: string }
  | { readonly state: 'cancelled' }
  /** Handed back, for any worker to go on from the last checkpoint. */
  | { readonly state: 'queued'; readonly note: string; readonly delaySeconds?: number }

/**
 * Ends the lease.
 * @returns false where the worker did not have it any more: then nothing changed
 */
export async function endLease(db: Db, { submissionId, worker }: Lease, outcome: Outcome): Promise<boolean> {
  return await db.transaction(async (tx) => {
    const present = await lockSubmission(tx, submissionId)
    if (present.state !== 'running' || present.worker !== worker) return false
    const actor = `worker ${worker}`
    switch (outcome.state) {
      case 'queued':
        if (present.cancelRequestedAt) {
          await changeState(tx, present, { to: 'cancelled', actor })
          break
        }
        await changeState(tx, present, { to: 'queued', actor, note: outcome.note, set: { worker: null } })
        await addJob(tx, submissionId, outcome.delaySeconds)
        break
      case 'failed': {
        const { failure } = outcome
        await changeState(tx, present, { to: 'failed', actor, note: failure, set: { failure } })
        break
      }
      default:
        await changeState(tx, present, { to: outcome.state, actor })
    }
    return true
  })
}

/**
 * Takes submissions away from workers that have not been heard of for the lease, and queues them again.
 * @returns their ids
 */
export async function requeueLost(db: Db, leaseSeconds: number): Promise<string[]> {
  return await db.transaction(async (tx) => {
    const limit = sql`clock_timestamp() - make_interval(secs => ${leaseSeconds}::float8)`
    const lost = await tx
      .select()
      .from(submissions)
      .where(
        and(
          eq(submissions.launcher, 'local'),
          eq(submissions.state, 'running'),
          lt(submissions.updatedAt, limit),
        ),
      )
      .for('update', { skipLocked: true })
    for (const submission of lost) {
      const note = `The worker ${submission.worker ?? 'of unknown name'} was lost.`
      if (submission.cancelRequestedAt) {
        await changeState(tx, submission, { to: 'cancelled', actor: queueActor, note })
        continue
      }
      await changeState(tx, submission, { to: 'queued', actor: queueActor, note, set: { worker: null } })
      await addJob(tx, submission.id)
    }
    return lost.map(({ id }) => id)
  })
}

/** Queues what was approved before the queue was there. */
export async function queueApproved(db: Db): Promise<string[]> {
  return await db.transaction(async (tx) => {
    const waiting = await tx
      .select()
      .from(submissions)
      .where(eq(submissions.state, 'approved'))
      .orderBy(submissions.updatedAt)
      .for('update', { skipLocked: true })
    for (const submission of waiting) await localQueue.start(tx, submission, queueActor)
    return waiting.map(({ id }) => id)
  })
}
