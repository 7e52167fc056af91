import { and, eq, lt, not, sql } from 'drizzle-orm'
import type { Db } from '../drivers/db.ts'
import { submissions } from '../schema/index.ts'
import { queueActor } from './lease.ts'
import { addJob, localQueue, queueIsInstalled } from './local-queue.ts'
import { changeState } from './submission-states.ts'

/** What any worker does for all of them, from time to time: nothing that waits or was left behind is forgotten. */

const leaseAgo = (leaseSeconds: number) =>
  sql`clock_timestamp() - make_interval(secs => ${leaseSeconds}::float8)`

/**
 * Takes submissions away from workers that have not been heard of for the lease, and queues them again.
 * @returns their ids
 */
export async function requeueLost(db: Db, leaseSeconds: number): Promise<string[]> {
  return await db.transaction(async (tx) => {
    const lost = await tx
      .select()
      .from(submissions)
      .where(
        and(
          eq(submissions.launcher, 'local'),
          eq(submissions.state, 'running'),
          lt(submissions.updatedAt, leaseAgo(leaseSeconds)),
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

/**
 * Makes new jobs for what is queued and has none that a worker would take: a worker that died between taking the job
 * and taking the submission keeps the job locked for hours. A job too many does no harm, since a submission is taken
 * once.
 *
 * @returns their ids
 */
export async function restoreJobs(db: Db, leaseSeconds: number): Promise<string[]> {
  return await db.transaction(async (tx) => {
    if (!(await queueIsInstalled(tx))) return []
    const taken = sql`exists (
      select from graphile_worker.jobs as job
      where job.key = ${submissions.id} and job.attempts < job.max_attempts
        and (job.locked_at is null or job.locked_at > ${leaseAgo(leaseSeconds)}))`
    const without = await tx
      .select({ id: submissions.id })
      .from(submissions)
      .where(and(eq(submissions.launcher, 'local'), eq(submissions.state, 'queued'), not(taken)))
      .orderBy(submissions.updatedAt)
      .for('update', { skipLocked: true })
    for (const { id } of without) await addJob(tx, id)
    return without.map(({ id }) => id)
  })
}
