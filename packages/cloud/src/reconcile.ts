import { type Db, observeTrainingJob, type TrainingJob, trainingJobs } from '@mate-bench/store'
import { and, inArray, isNotNull, sql } from 'drizzle-orm'
import { sweepBatchEvents } from './batch-event.ts'
import type { ServiceJob } from './batch-service.ts'
import { type LaunchContext, type Launched, launchWaiting } from './launch-waiting.ts'

export interface Reconciled extends Launched {
  /** Jobs about which the service knew something that the database did not. */
  readonly mended: number
  /** Jobs that the service does not know any more. */
  readonly lost: number
}

/** A job that the service has forgotten is given up after so long without a word of its container. */
const silentMinutes = 15

/**
 * Compares what the database believes with what the service says, and mends both: words that were lost are taken in,
 * jobs of submissions that ended are ended, and what waits is submitted.
 */
export async function reconcile(context: LaunchContext): Promise<Reconciled> {
  const { db, batch, say } = context
  const open = await openJobs(db)
  const ids = open.flatMap(({ batchJobId }) => (batchJobId === null ? [] : [batchJobId]))
  const known = new Map<string, ServiceJob>()
  for (const job of await batch.describe(ids)) known.set(job.batchJobId, job)
  let [mended, lost] = [0, 0]
  for (const job of open) {
    const seen = job.batchJobId === null ? undefined : known.get(job.batchJobId)
    if (seen) {
      if (await observeTrainingJob(db, seen)) {
        mended++
        say(`${job.runId}: the service says ${seen.status}`)
      }
    } else if (await giveUp(db, job)) {
      lost++
      say(`${job.runId}: the service does not know it any more`)
    }
  }
  const launched = await launchWaiting(context)
  await sweepBatchEvents(db)
  return { ...launched, mended, lost }
}

async function openJobs(db: Db): Promise<TrainingJob[]> {
  return await db
    .select()
    .from(trainingJobs)
    .where(and(inArray(trainingJobs.state, ['submitted', 'running']), isNotNull(trainingJobs.batchJobId)))
}

/** As if the service had said that it failed: a run that was published is a success all the same. */
async function giveUp(db: Db, job: TrainingJob): Promise<boolean> {
  const { rows } = await db.execute<{ silent: boolean }>(
    sql`select clock_timestamp() - ${job.updatedAt.toISOString()}::timestamptz > make_interval(mins => ${silentMinutes}::int) as silent`,
  )
  if (!rows[0]?.silent || job.batchJobId === null) return false
  return await observeTrainingJob(db, {
    runId: job.runId,
    batchJobId: job.batchJobId,
    attempt: job.attempt + 1,
    status: 'FAILED',
    reason: 'The service does not know this job any more.',
  })
}
