import { BenchError, benchErrorFromUnknown } from '@mate-bench/schema'
import {
  type Db,
  lockSubmission,
  observeTrainingJob,
  setJob,
  type TrainingJob,
  trainingJobs,
} from '@mate-bench/store'
import { and, asc, eq, inArray, isNotNull, sql } from 'drizzle-orm'
import type { BatchService } from './batch-service.ts'
import type { BatchTarget } from './environment.ts'

export interface LaunchContext {
  readonly db: Db
  readonly batch: BatchService
  readonly target: Pick<BatchTarget, 'maximumActiveJobs'>
  readonly say: (line: string) => void
}

export interface Launched {
  readonly submitted: number
  readonly ended: number
  /** What stays as it was, and is tried again the next time. */
  readonly problems: readonly string[]
}

/** Any number, as long as it is always this one. */
const launchLock = 5_550_102

/**
 * Submits what waits, as far as the limit on jobs allows, oldest first, and ends what was cancelled. One at a time
 * over all functions: the limit is one of the whole installation.
 */
export async function launchWaiting(context: LaunchContext): Promise<Launched> {
  const { db, target } = context
  const problems: string[] = []
  let [submitted, ended] = [0, 0]
  for (const job of await cancelledJobs(db)) {
    await attempt(problems, async () => {
      await end(context, job)
      ended++
    })
  }
  for (;;) {
    const problemsBefore = problems.length
    const did = await attempt(problems, async () => await submitNext(context, target.maximumActiveJobs))
    if (problems.length > problemsBefore || did === undefined || did === 'none') break
    if (did === 'submitted') submitted++
  }
  return { submitted, ended, problems }
}

/**
 * One job: taken, submitted and written down under a lock. What a function submitted before it died is found again by
 * the job's name, so that no run trains twice.
 */
async function submitNext(
  { db, batch, say }: LaunchContext,
  limit: number,
): Promise<'none' | 'submitted' | 'refused'> {
  return await db.transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(${launchLock})`)
    const active = await tx.$count(trainingJobs, inArray(trainingJobs.state, ['submitted', 'running']))
    if (active >= limit) return 'none'
    const [waiting] = await tx
      .select()
      .from(trainingJobs)
      .where(eq(trainingJobs.state, 'waiting'))
      .orderBy(asc(trainingJobs.createdAt), asc(trainingJobs.seed))
      .limit(1)
    if (!waiting) return 'none'
    const submission = await lockSubmission(tx, waiting.submissionId)
    const { runId } = waiting
    if (submission.state === 'cancelled' || submission.cancelRequestedAt) {
      await setJob(tx, waiting, submission, { state: 'cancelled' })
      return 'refused'
    }
    try {
      const [orphan] = await batch.find(runId)
      const batchJobId =
        orphan?.batchJobId ?? (await batch.submit(runId, { submission: submission.id, run: runId }))
      await setJob(tx, waiting, submission, {
        state: 'submitted',
        attempt: 1,
        batchJobId,
        batchStatus: 'SUBMITTED',
      })
      say(`${runId}: ${orphan ? 'found at the service' : 'submitted'} as ${batchJobId}`)
      return 'submitted'
    } catch (thrown) {
      const error = benchErrorFromUnknown(thrown)
      if (error.code !== 'bad-input') throw thrown
      // It would be refused again.
      await setJob(tx, waiting, submission, { state: 'failed', failure: error.message })
      say(`${runId}: ${error.message}`)
      return 'refused'
    }
  })
}

/** Those that the service has, and that somebody wants ended. */
async function cancelledJobs(db: Db): Promise<TrainingJob[]> {
  return await db
    .select()
    .from(trainingJobs)
    .where(
      and(
        inArray(trainingJobs.state, ['submitted', 'running']),
        isNotNull(trainingJobs.cancelRequestedAt),
        isNotNull(trainingJobs.batchJobId),
      ),
    )
}

/**
 * A container that trains hears of the wish by itself and ends in its own time; this ends those that do not run yet,
 * and those that do not listen.
 */
async function end({ db, batch, say }: LaunchContext, job: TrainingJob): Promise<void> {
  if (job.batchJobId === null) return
  await batch.terminate(job.batchJobId, 'Cancelled by a user.')
  say(`${job.runId}: asked to end`)
  const [now] = await batch.describe([job.batchJobId])
  if (now) await observeTrainingJob(db, now)
}

async function attempt<T>(problems: string[], act: () => Promise<T>): Promise<T | undefined> {
  try {
    return await act()
  } catch (thrown) {
    const { code, message } = benchErrorFromUnknown(thrown)
    // A database that is away is for the caller: nothing can be done without it.
    if (!(thrown instanceof BenchError) || code === 'internal') throw thrown
    problems.push(message)
    return undefined
  }
}
