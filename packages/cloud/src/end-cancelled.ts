import { type Db, observeTrainingJob, type TrainingJob, trainingJobs } from '@mate-bench/store'
import { and, eq, isNotNull, lt, or, sql } from 'drizzle-orm'
import { attempt } from './attempt.ts'
import type { BatchJobs } from './batch-service.ts'

export interface EndContext {
  readonly db: Db
  readonly batch: BatchJobs
  readonly say: (line: string) => void
}

export interface Ended {
  readonly ended: number
  /** What stays as it was, and is tried again the next time. */
  readonly problems: readonly string[]
}

/** A container asks each few seconds whether to go on; from then on it finishes its step and tidies up. */
const graceSeconds = 60

/**
 * Ends the jobs that somebody wants ended, and submits none. A container that trains hears of the wish by itself and
 * ends in its own time; this ends those that do not run yet, at once, and those that have not listened for a while. The
 * reconciler comes by for those.
 */
export async function endCancelled(context: EndContext): Promise<Ended> {
  const problems: string[] = []
  let ended = 0
  for (const job of await cancelledJobs(context.db)) {
    await attempt(problems, async () => {
      await end(context, job)
      ended++
    })
  }
  return { ended, problems }
}

/** Those that the service has, that somebody wants ended, and that will not end by themselves. */
async function cancelledJobs(db: Db): Promise<TrainingJob[]> {
  const { state, cancelRequestedAt, batchJobId } = trainingJobs
  const wasTold = lt(
    cancelRequestedAt,
    sql`clock_timestamp() - make_interval(secs => ${graceSeconds}::float8)`,
  )
  return await db
    .select()
    .from(trainingJobs)
    .where(
      and(
        isNotNull(cancelRequestedAt),
        isNotNull(batchJobId),
        or(eq(state, 'submitted'), and(eq(state, 'running'), wasTold)),
      ),
    )
}

async function end({ db, batch, say }: EndContext, job: TrainingJob): Promise<void> {
  if (job.batchJobId === null) return
  await batch.terminate(job.batchJobId, 'Cancelled by a user.')
  say(`${job.runId}: asked to end`)
  const [now] = await batch.describe([job.batchJobId])
  if (now) await observeTrainingJob(db, now)
}
