import { BenchError, type SubmissionProgress, submissionProgressSchema } from '@mate-bench/schema'
import { asc, desc, eq, sql } from 'drizzle-orm'
import type { Db } from '../drivers/db.ts'
import { appendLog, type LogLine } from '../queries/submissions.ts'
import { runs, submissions, type TrainingJobState, trainingJobs } from '../schema/index.ts'
import { changeState, isFinal, lockSubmission, type Submission } from './submission-states.ts'
import { type BatchStatus, isFinalJob, isNewer, submissionStateOf } from './training-job-states.ts'

export type TrainingJob = typeof trainingJobs.$inferSelect

/** Who changes states where the service or its containers do. */
export const batchActor = 'aws-batch'

/** One try of the service to train a run. */
export interface Attempt {
  readonly runId: string
  /** 1 for the first. */
  readonly attempt: number
}

/** @throws BenchError `not-found` */
export async function loadTrainingJob(
  db: Db,
  runId: string,
): Promise<{ job: TrainingJob; submission: Submission }> {
  const [row] = await db
    .select({ job: trainingJobs, submission: submissions })
    .from(trainingJobs)
    .innerJoin(submissions, eq(submissions.id, trainingJobs.submissionId))
    .where(eq(trainingJobs.runId, runId))
  if (row) return row
  throw new BenchError({
    code: 'not-found',
    message: `No training job has the run id ${runId.slice(0, 80)}.`,
    path: 'run',
    hint: 'Ids of runs are run_ and 20 hex digits: `mate-bench cloud status` lists those that were handed to the cloud.',
  })
}

/** Jobs of a submission, in the order of their seeds. */
export async function trainingJobsOf(db: Db, submissionId: string): Promise<TrainingJob[]> {
  return await db
    .select()
    .from(trainingJobs)
    .where(eq(trainingJobs.submissionId, submissionId))
    .orderBy(asc(trainingJobs.seed))
}

/** Those under way first, then the last that ended. */
export async function recentTrainingJobs(db: Db, limit: number): Promise<TrainingJob[]> {
  return await db
    .select()
    .from(trainingJobs)
    .orderBy(
      sql`${trainingJobs.state} in ('succeeded', 'failed', 'cancelled')`,
      desc(trainingJobs.updatedAt),
      asc(trainingJobs.runId),
    )
    .limit(limit)
}

export interface BeginTrainingJob extends Attempt {
  readonly batchJobId?: string | undefined
  readonly logStream?: string | undefined
}

/**
 * A container begins to train.
 *
 * @returns `over` where there is nothing left to do, or a later attempt has it; `cancelled` where a stop was asked for
 * @throws BenchError `not-found`
 */
export async function beginTrainingJob(
  db: Db,
  { runId, attempt, batchJobId, logStream }: BeginTrainingJob,
): Promise<'go on' | 'cancelled' | 'over'> {
  return await withJob(db, runId, async (tx, job, submission) => {
    if (isFinalJob(job.state) || attempt < job.attempt) return 'over'
    if (await isPublished(tx, runId)) {
      await setJob(tx, job, submission, { state: 'succeeded', attempt })
      return 'over'
    }
    if (job.cancelRequestedAt || submission.cancelRequestedAt) return 'cancelled'
    await setJob(tx, job, submission, {
      state: 'running',
      attempt,
      batchStatus: 'RUNNING',
      ...(batchJobId === undefined ? {} : { batchJobId }),
      ...(logStream === undefined ? {} : { logStream }),
    })
    return 'go on'
  })
}

export interface TrainingReport extends Attempt {
  /** Of this run alone. */
  readonly progress?: SubmissionProgress | undefined
  readonly lines?: readonly LogLine[] | undefined
}

/** A container tells how far it is, and hears whether to go on. */
export async function reportTrainingJob(
  db: Db,
  { runId, attempt, progress, lines = [] }: TrainingReport,
): Promise<'go on' | 'cancel' | 'over'> {
  return await withJob(db, runId, async (tx, job, submission) => {
    if (isFinalJob(job.state) || attempt < job.attempt) return 'over'
    await appendLog(tx, submission.id, lines)
    if (progress) {
      await tx.update(trainingJobs).set({ progress, updatedAt: now }).where(eq(trainingJobs.runId, runId))
    }
    await tx
      .update(submissions)
      .set({ updatedAt: now, ...(progress ? { progress: await mergedProgress(tx, submission.id) } : {}) })
      .where(eq(submissions.id, submission.id))
    return job.cancelRequestedAt || submission.cancelRequestedAt ? 'cancel' : 'go on'
  })
}

export type TrainingJobOutcome =
  | { readonly state: 'succeeded' }
  | { readonly state: 'failed'; readonly failure: string }
  | { readonly state: 'cancelled' }
  /** The service is expected to try again, from the last checkpoint. */
  | { readonly state: 'interrupted'; readonly note: string }

/** How an attempt ended, in its own words; those of an attempt that another has followed change nothing. */
export async function endTrainingJob(
  db: Db,
  { runId, attempt }: Attempt,
  outcome: TrainingJobOutcome,
): Promise<void> {
  await withJob(db, runId, async (tx, job, submission) => {
    if (isFinalJob(job.state) || attempt < job.attempt) return
    switch (outcome.state) {
      case 'interrupted':
        await appendLog(tx, submission.id, [{ at: new Date(), line: `seed ${job.seed}: ${outcome.note}` }])
        await setJob(tx, job, submission, { state: 'submitted', attempt, note: outcome.note })
        break
      case 'failed':
        await setJob(tx, job, submission, { state: 'failed', attempt, failure: outcome.failure })
        break
      default:
        await setJob(tx, job, submission, { state: outcome.state, attempt })
    }
  })
}

/** What the service says of a job. */
export interface Observation extends Attempt {
  readonly status: BatchStatus
  readonly batchJobId: string
  readonly reason?: string | undefined
  readonly logStream?: string | undefined
}

/**
 * Takes in what the service says: an event, or an answer to a question. Repeated, late and unordered words change
 * nothing, and a job that has ended stays as it is. A job is a success when its run is published, not when its
 * container says so.
 *
 * @returns whether anything changed
 */
export async function observeTrainingJob(db: Db, seen: Observation): Promise<boolean> {
  return await withJob(db, seen.runId, async (tx, job, submission) => {
    if (isFinalJob(job.state)) return false
    if (job.batchJobId !== null && job.batchJobId !== seen.batchJobId) return false
    if (!isNewer({ attempt: job.attempt, status: job.batchStatus }, seen)) return false
    const known = {
      attempt: seen.attempt,
      batchStatus: seen.status,
      batchJobId: seen.batchJobId,
      ...(seen.logStream === undefined ? {} : { logStream: seen.logStream }),
    }
    if (seen.status !== 'SUCCEEDED' && seen.status !== 'FAILED') {
      const state = seen.status === 'RUNNING' ? 'running' : 'submitted'
      const again = job.state === 'running' && state === 'submitted'
      const note = again
        ? `seed ${job.seed} waits for another machine. ${seen.reason ?? ''}`.trim()
        : undefined
      await setJob(tx, job, submission, { ...known, state, note })
      return true
    }
    if (await isPublished(tx, seen.runId)) {
      await setJob(tx, job, submission, { ...known, state: 'succeeded' })
    } else if (job.cancelRequestedAt || submission.cancelRequestedAt) {
      await setJob(tx, job, submission, { ...known, state: 'cancelled' })
    } else {
      const failure =
        seen.status === 'SUCCEEDED'
          ? 'Its container ended without an error, and published nothing.'
          : (seen.reason ?? 'The service gave no reason.')
      await setJob(tx, job, submission, { ...known, state: 'failed', failure })
    }
    return true
  })
}

const now = sql`clock_timestamp()`

/** Locks the submission, then reads the job: all words about the jobs of a submission come one after another. */
async function withJob<T>(
  db: Db,
  runId: string,
  act: (tx: Db, job: TrainingJob, submission: Submission) => Promise<T>,
): Promise<T> {
  return await db.transaction(async (tx) => {
    const { submission } = await loadTrainingJob(tx, runId)
    const locked = await lockSubmission(tx, submission.id)
    const { job } = await loadTrainingJob(tx, runId)
    return await act(tx, job, locked)
  })
}

export interface JobChange {
  readonly state: TrainingJobState
  readonly attempt?: number
  readonly batchStatus?: BatchStatus
  readonly batchJobId?: string
  readonly logStream?: string
  readonly failure?: string
  readonly note?: string | undefined
}

/** Writes a job's new state and what follows for its submission, which is locked. */
export async function setJob(
  tx: Db,
  job: TrainingJob,
  submission: Submission,
  { note, ...change }: JobChange,
): Promise<void> {
  await tx
    .update(trainingJobs)
    .set({
      ...change,
      updatedAt: now,
      ...(change.state === 'submitted' && job.submittedAt === null ? { submittedAt: now } : {}),
      ...(change.state === 'running' && job.startedAt === null ? { startedAt: now } : {}),
      ...(isFinalJob(change.state) ? { finishedAt: now } : {}),
    })
    .where(eq(trainingJobs.runId, job.runId))
  await settleSubmission(tx, submission, note)
}

async function settleSubmission(tx: Db, submission: Submission, note: string | undefined): Promise<void> {
  const jobs = await trainingJobsOf(tx, submission.id)
  const to = submissionStateOf(jobs.map(({ state }) => state))
  if (to === submission.state || isFinal(submission.state)) return
  const failures = jobs.flatMap(({ seed, failure }) => (failure === null ? [] : [`seed ${seed}: ${failure}`]))
  const failure = failures.join(' ').slice(0, 2000)
  // The machine of states knows no way from the queue to the end but through training.
  const present =
    submission.state === 'queued' && to === 'finished'
      ? await changeState(tx, submission, { to: 'running', actor: batchActor })
      : submission
  await changeState(tx, present, {
    to,
    actor: batchActor,
    note: to === 'failed' ? failure : note,
    ...(to === 'failed' ? { set: { failure } } : {}),
  })
}

async function isPublished(tx: Db, runId: string): Promise<boolean> {
  return (await tx.$count(runs, eq(runs.id, runId))) > 0
}

/** All runs of a submission in one report, from what each job said last. */
async function mergedProgress(tx: Db, submissionId: string): Promise<SubmissionProgress> {
  const jobs = await trainingJobsOf(tx, submissionId)
  const told = jobs.map(({ progress }) => submissionProgressSchema.safeParse(progress).data)
  const done = told.reduce((sum, progress) => sum + (progress?.done ?? 0), 0) / jobs.length
  return {
    at: new Date().toISOString(),
    done,
    runs: told.flatMap((progress) => progress?.runs ?? []),
  }
}
