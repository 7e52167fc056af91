import { BenchError } from '@mate-bench/schema'
import { and, eq, sql } from 'drizzle-orm'
import type { Db } from '../drivers/db.ts'
import { runs, submissionEvents, submissionRuns, submissions } from '../schema/index.ts'
import { addJob } from './local-queue.ts'
import { changeState, lockSubmission, type Submission } from './submission-states.ts'
import { teacherStanding, wakeStudents } from './teachers.ts'

/**
 * A worker has a submission while the row says `running` with its name and was touched within the lease. Whoever
 * finds it older takes it away. The clock is the database's, so that workers need not agree on the time.
 */
export interface Lease {
  readonly submissionId: string
  /** Names the worker, and this one time that it takes the submission: it may lose it and take it again. */
  readonly worker: string
}

/** A submission that lost so many workers is given up: it may be what ends them. */
export const maximumLosses = 5

/** Who changes states where no person and no worker does. */
export const queueActor = 'queue'

export type Claim =
  | {
      readonly taken: true
      readonly submission: Submission
      /** Seeds of the runs that workers before this one have published of it. */
      readonly publishedSeeds: ReadonlySet<number>
    }
  | {
      readonly taken: false
      /** Where it stays in the queue: what it waits for. */
      readonly waitsFor?: string
    }

/** A submission whose teachers are not published yet is looked at again after so long, unless one of them wakes it. */
const waitSeconds = 60

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
    // The teachers of what is checked were published before it; the worker brings those very runs.
    const seeds = present.kind === 'training' ? present.spec.seeds : []
    const standing = await teacherStanding(tx, present.spec, seeds)
    if (standing.state === 'waiting') {
      await addJob(tx, submissionId, waitSeconds)
      return { taken: false, waitsFor: standing.note }
    }
    if (standing.state === 'missing') {
      const failure = standing.note
      await changeState(tx, present, { to: 'failed', actor: queueActor, note: failure, set: { failure } })
      await wakeStudents(tx, present.specDigest)
      return { taken: false }
    }
    const submission = await changeState(tx, present, {
      to: 'running',
      actor: `worker ${worker}`,
      set: { worker },
    })
    const published = await tx
      .select({ seed: runs.seed })
      .from(submissionRuns)
      .innerJoin(runs, eq(runs.id, submissionRuns.runId))
      .where(eq(submissionRuns.submissionId, submissionId))
    return { taken: true, submission, publishedSeeds: new Set(published.map(({ seed }) => seed)) }
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

/**
 * For what must not happen without the lease: nobody takes the submission away before the transaction ends.
 * @throws BenchError `conflict` where the worker does not have it any more
 */
export async function confirmLease(tx: Db, lease: Lease): Promise<void> {
  if (isHeldBy(await lockSubmission(tx, lease.submissionId), lease)) return
  throw new BenchError({
    code: 'conflict',
    message: `The submission ${lease.submissionId} was taken away from the worker ${lease.worker}.`,
    hint: 'Another worker goes on with it; nothing of this one is published.',
  })
}

function isHeldBy({ state, worker }: Submission, lease: Lease): boolean {
  return state === 'running' && worker === lease.worker
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
export async function endLease(db: Db, lease: Lease, outcome: Outcome): Promise<boolean> {
  const { submissionId, worker } = lease
  return await db.transaction(async (tx) => {
    const present = await lockSubmission(tx, submissionId)
    if (!isHeldBy(present, lease)) return false
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
        await wakeStudents(tx, present.specDigest)
        break
      }
      default:
        await changeState(tx, present, { to: outcome.state, actor })
        await wakeStudents(tx, present.specDigest)
    }
    return true
  })
}
