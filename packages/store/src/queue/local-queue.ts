import { sql } from 'drizzle-orm'
import type { Db } from '../drivers/db.ts'
import type { Launcher } from './launcher.ts'
import { placesInQueue } from './places-in-queue.ts'
import { changeState } from './submission-states.ts'

/** Name of the one kind of job. */
export const trainTask = 'train-submission'

/** The job holds the submission's id and nothing else: what to do stands in the submission. */
export interface TrainPayload {
  readonly submissionId: string
}

/**
 * graphile-worker's queue, in the same Postgres. Its tables are made by the first worker that starts; until then an
 * approved submission stays approved.
 */
export const localQueue: Launcher = {
  name: 'local',
  async start(tx, submission, actor) {
    if (!(await queueIsInstalled(tx))) return submission
    const queued = await changeState(tx, submission, { to: 'queued', actor })
    await addJob(tx, submission.id)
    return queued
  },
  async cancel(tx, { id }) {
    if (await queueIsInstalled(tx)) await tx.execute(sql`select graphile_worker.remove_job(${id}::text)`)
  },
  async status(db, { id }) {
    const places = await placesInQueue(db, [id])
    return { position: places.get(id) ?? null, ready: await queueIsInstalled(db) }
  },
}

/**
 * A job a submission: with the key of one that is locked by a lost worker, that one is given up and a new one made.
 * Tries are counted by the submission's own events.
 */
export async function addJob(tx: Db, submissionId: string, delaySeconds = 0): Promise<void> {
  const payload: TrainPayload = { submissionId }
  await tx.execute(
    sql`select graphile_worker.add_job(${trainTask}::text, payload := ${JSON.stringify(payload)}::json, job_key := ${submissionId}::text, run_at := now() + make_interval(secs => ${delaySeconds}::float8))`,
  )
}

export async function queueIsInstalled(db: Db): Promise<boolean> {
  const { rows } = await db.execute<{ installed: boolean }>(
    sql`select to_regclass('graphile_worker._private_jobs') is not null as installed`,
  )
  return rows[0]?.installed === true
}
