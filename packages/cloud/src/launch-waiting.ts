import { benchErrorFromUnknown } from '@mate-bench/schema'
import {
  type Db,
  hasEnded,
  loadTrainingJob,
  lockSubmission,
  observeTrainingJob,
  setJob,
  submissions,
  type TrainingJob,
  teacherStanding,
  trainingJobs,
} from '@mate-bench/store'
import { asc, eq, inArray, sql } from 'drizzle-orm'
import { attempt } from './attempt.ts'
import type { BatchService } from './batch-service.ts'
import { type EndContext, type Ended, endCancelled } from './end-cancelled.ts'
import type { BatchTarget } from './environment.ts'

export interface LaunchContext extends EndContext {
  readonly batch: BatchService
  readonly target: Pick<BatchTarget, 'maximumActiveJobs'>
}

export interface Launched extends Ended {
  readonly submitted: number
}

/** Any number, as long as it is always this one. */
const launchLock = 5_550_102

/** Longer than the service is waited for (`openBatchClient`). */
const idleSeconds = 45

/**
 * Submits what waits, as far as the limit on jobs allows, oldest first, and ends what was cancelled. One at a time
 * over all functions: the limit is one of the whole installation.
 */
export async function launchWaiting(context: LaunchContext): Promise<Launched> {
  const { ended, problems: notEnded } = await endCancelled(context)
  const problems = [...notEnded]
  let submitted = 0
  for (;;) {
    const did = await attempt(problems, async () => await submitNext(context))
    if (did === undefined || did === 'none') break
    if (did === 'submitted') submitted++
  }
  return { submitted, ended, problems }
}

/**
 * One job: taken, submitted and written down under a lock. What a function submitted before it died is found again by
 * the job's name, so that no run trains twice.
 */
async function submitNext({
  db,
  batch,
  target,
  say,
}: LaunchContext): Promise<'none' | 'submitted' | 'refused'> {
  return await db.transaction(async (tx) => {
    // A function that is ended here leaves its connection open, and nobody could launch as long as it stays so.
    await tx.execute(sql.raw(`set local idle_in_transaction_session_timeout = '${idleSeconds}s'`))
    await tx.execute(sql`select pg_advisory_xact_lock(${launchLock})`)
    const active = await tx.$count(trainingJobs, inArray(trainingJobs.state, ['submitted', 'running']))
    if (active >= target.maximumActiveJobs) return 'none'
    const { waiting, missing } = await nextWaiting(tx)
    if (!waiting) return 'none'
    const { runId } = waiting
    const submission = await lockSubmission(tx, waiting.submissionId)
    // It may have been cancelled while its submission was held by somebody else.
    if ((await loadTrainingJob(tx, runId)).job.state !== 'waiting') return 'refused'
    if (submission.state === 'cancelled' || submission.cancelRequestedAt) {
      await setJob(tx, waiting, submission, { state: 'cancelled' })
      return 'refused'
    }
    if (missing !== undefined) {
      await setJob(tx, waiting, submission, { state: 'failed', failure: missing })
      say(`${runId}: ${missing}`)
      return 'refused'
    }
    try {
      // Not one that has ended: a run that failed may have been given back.
      const found = await batch.find(runId)
      const orphan = found.find((job) => !hasEnded(job.status) && job.batchJobId !== waiting.batchJobId)
      const batchJobId = orphan?.batchJobId ?? (await batch.submit({ runId, submissionId: submission.id }))
      await setJob(tx, waiting, submission, {
        state: 'submitted',
        attempt: 1,
        batchJobId,
        batchStatus: 'SUBMITTED',
      })
      if (orphan) await observeTrainingJob(tx, orphan)
      say(`${runId}: ${orphan ? 'found at the service' : 'submitted'} as ${batchJobId}`)
      return 'submitted'
    } catch (thrown) {
      const error = benchErrorFromUnknown(thrown)
      if (error.code !== 'bad-input') throw thrown
      // It would be refused again.
      await setJob(tx, waiting, submission, { state: 'failed', failure: refusal })
      say(`${runId}: ${error.message}`)
      return 'refused'
    }
  })
}

interface Next {
  readonly waiting: TrainingJob | undefined
  /** Why it will never begin: a run that it learns from is not published, and nobody trains it. */
  readonly missing?: string
}

/** The oldest job that need not wait for a teacher. */
async function nextWaiting(tx: Db): Promise<Next> {
  const rows = await tx
    .select({ job: trainingJobs, spec: submissions.spec, cancelled: submissions.cancelRequestedAt })
    .from(trainingJobs)
    .innerJoin(submissions, eq(submissions.id, trainingJobs.submissionId))
    .where(eq(trainingJobs.state, 'waiting'))
    .orderBy(asc(trainingJobs.createdAt), asc(trainingJobs.seed))
  for (const { job, spec, cancelled } of rows) {
    if (cancelled) return { waiting: job }
    const standing = await teacherStanding(tx, spec, [job.seed])
    if (standing.state === 'ready') return { waiting: job }
    if (standing.state === 'missing') return { waiting: job, missing: standing.note }
  }
  return { waiting: undefined }
}

/** For everybody to read; the particulars are in the function's log. */
const refusal = 'AWS Batch refused the job. The operator finds the reason in the log of the launch function.'
