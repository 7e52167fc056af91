import { digestExperiment } from '@mate-bench/provenance'
import { BenchError, type SubmissionProgress, submissionProgressSchema } from '@mate-bench/schema'
import { asc, desc, eq, sql } from 'drizzle-orm'
import type { Db } from '../drivers/db.ts'
import { recordFailure, recordStartIn } from '../ledger/run-events.ts'
import { appendLog, type LogLine } from '../queries/submissions.ts'
import { runs, submissions, type TrainingJobState, trainingJobs } from '../schema/index.ts'
import { storableText } from '../storable-text.ts'
import { changeState, isFinal, lockSubmission, type Submission } from './submission-states.ts'
import { type BatchStatus, hasEnded, isFinalJob, isNewer, submissionStateOf } from './training-job-states.ts'

export type TrainingJob = typeof trainingJobs.$inferSelect

/** Who changes states where the service or its containers do. */
const batchActor = 'aws-batch'

/** One try to train a run. */
export interface Attempt {
  readonly runId: string
  /** 1 for the first. */
  readonly attempt: number
  /** The service's own id of the job; left out by a trainer that was started by hand. */
  readonly batchJobId?: string | undefined
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
    hint: 'Ids of runs are run_ and 20 hex digits: `mate-bench cloud status` lists those that train in the cloud.',
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

/**
 * A container begins to train. Two jobs of one run would delete each other's checkpoints, so that only the one that
 * the row names goes on. A trainer that was started by hand takes the run from the service's job.
 *
 * @returns `over` where there is nothing left to do, or another job or a later attempt has it; `cancelled` where a
 * stop was asked for
 * @throws BenchError `not-found`
 */
export async function beginTrainingJob(
  db: Db,
  { runId, attempt, batchJobId }: Attempt,
): Promise<'go on' | 'cancelled' | 'over'> {
  return await withJob(db, runId, async (tx, job, submission) => {
    if (isFinalJob(job.state) || !mayBegin(job, { runId, attempt, batchJobId })) return 'over'
    if (await isPublished(tx, runId)) {
      await setJob(tx, job, submission, { state: 'succeeded', attempt })
      return 'over'
    }
    const known = { attempt, batchJobId: batchJobId ?? null }
    if (job.cancelRequestedAt || submission.cancelRequestedAt) {
      await setJob(tx, job, submission, { ...known, state: job.state })
      return 'cancelled'
    }
    await setJob(tx, job, submission, { ...known, state: 'running', batchStatus: 'RUNNING' })
    return 'go on'
  })
}

function mayBegin(job: TrainingJob, { attempt, batchJobId }: Attempt): boolean {
  // A run that waits names no job, or the one that it was given up with.
  if (job.state === 'waiting') return batchJobId === undefined || batchJobId !== job.batchJobId
  return attempt >= job.attempt && (batchJobId === undefined || batchJobId === job.batchJobId)
}

/** True for the attempt that has the run. */
function hasRun(job: TrainingJob, { attempt, batchJobId }: Attempt): boolean {
  return (
    !isFinalJob(job.state) &&
    job.state !== 'waiting' &&
    attempt >= job.attempt &&
    job.batchJobId === (batchJobId ?? null)
  )
}

/**
 * For what must not happen once the run is another attempt's: nobody takes it away before the transaction ends.
 *
 * @returns false where the attempt does not have it any more
 * @throws BenchError `not-found`
 */
export async function holdsTrainingJob(tx: Db, attempt: Attempt): Promise<boolean> {
  return await withJob(tx, attempt.runId, async (_, job) => hasRun(job, attempt))
}

export interface TrainingReport extends Attempt {
  /** Of this run alone. */
  readonly progress?: SubmissionProgress | undefined
  readonly lines?: readonly LogLine[] | undefined
}

/** A container tells how far it is, and hears whether to go on. */
export async function reportTrainingJob(
  db: Db,
  { progress, lines = [], ...attempt }: TrainingReport,
): Promise<'go on' | 'cancel' | 'over'> {
  const { runId } = attempt
  return await withJob(db, runId, async (tx, job, submission) => {
    if (!hasRun(job, attempt)) return 'over'
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
  /** The service is expected to try again, from the last checkpoint; after a try by hand it is given the run anew. */
  | { readonly state: 'interrupted'; readonly note: string }

/** How an attempt ended, in its own words; those of an attempt that has lost the run change nothing. */
export async function endTrainingJob(db: Db, ended: Attempt, outcome: TrainingJobOutcome): Promise<void> {
  const { runId, attempt } = ended
  await withJob(db, runId, async (tx, job, submission) => {
    if (!hasRun(job, ended)) return
    switch (outcome.state) {
      case 'interrupted': {
        const { note } = outcome
        if (job.cancelRequestedAt || submission.cancelRequestedAt) {
          await setJob(tx, job, submission, { state: 'cancelled', attempt })
          break
        }
        await appendLog(tx, submission.id, [{ at: new Date(), line: `seed ${job.seed}: ${note}` }])
        const state = job.batchJobId === null ? 'waiting' : 'submitted'
        await setJob(tx, job, submission, { state, attempt, note })
        break
      }
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
  readonly batchJobId: string
  readonly status: BatchStatus
  readonly reason?: string | undefined
  readonly logStream?: string | undefined
}

/**
 * Takes in what the service says: an event, or an answer to a question. Repeated, late and unordered words change
 * nothing, nor do those about a job that the row does not name, and a job that has ended stays as it is. A job is a
 * success when its run is published, not when its container says so.
 *
 * @returns whether anything changed
 */
export async function observeTrainingJob(db: Db, seen: Observation): Promise<boolean> {
  return await withJob(db, seen.runId, async (tx, job, submission) => {
    if (job.state === 'waiting' || job.batchJobId !== seen.batchJobId) return false
    const { status } = seen
    const told = await takeLogStream(tx, job, seen)
    if (isFinalJob(job.state)) return told
    // An end is one of the whole job: where it waited for another attempt, the service names the attempt before.
    if (!hasEnded(status) && !isNewer({ attempt: job.attempt, status: job.batchStatus }, seen)) return told
    const known = { attempt: Math.max(job.attempt, seen.attempt), batchStatus: status }
    if (hasEnded(status)) {
      const failure =
        status === 'SUCCEEDED'
          ? 'Its container ended without an error, and published nothing.'
          : (seen.reason ?? 'The service gave no reason.')
      await endJob(tx, job, submission, failure, known)
      return true
    }
    const state = status === 'RUNNING' ? 'running' : 'submitted'
    const again = job.state === 'running' && state === 'submitted'
    const note = again ? `seed ${job.seed} waits for another machine. ${seen.reason ?? ''}`.trim() : undefined
    await setJob(tx, job, submission, { ...known, state, note })
    return true
  })
}

/** Only the service knows where a container writes, and it may say so after the container has begun, or has ended. */
async function takeLogStream(tx: Db, job: TrainingJob, seen: Observation): Promise<boolean> {
  const { runId, attempt, status, logStream } = seen
  if (logStream === undefined || logStream === job.logStream) return false
  if (attempt < job.attempt || !(status === 'RUNNING' || hasEnded(status))) return false
  await tx.update(trainingJobs).set({ logStream }).where(eq(trainingJobs.runId, runId))
  return true
}

/**
 * Ends a job of which nothing more is expected, if nothing was heard of it since it was read.
 *
 * @returns whether it was ended
 */
export async function giveUpTrainingJob(db: Db, known: TrainingJob, failure: string): Promise<boolean> {
  return await withJob(db, known.runId, async (tx, job, submission) => {
    if (isFinalJob(job.state) || job.updatedAt.getTime() !== known.updatedAt.getTime()) return false
    await endJob(tx, job, submission, failure)
    return true
  })
}

/**
 * Gives a job that nobody at the service has back to the launch function, if nothing was heard of it since it was read.
 *
 * @returns whether it was given back, or had ended all the same
 */
export async function giveBackTrainingJob(db: Db, known: TrainingJob, note: string): Promise<boolean> {
  return await withJob(db, known.runId, async (tx, job, submission) => {
    if (isFinalJob(job.state) || job.updatedAt.getTime() !== known.updatedAt.getTime()) return false
    if ((await isPublished(tx, job.runId)) || job.cancelRequestedAt || submission.cancelRequestedAt) {
      await endJob(tx, job, submission, note)
    } else {
      await appendLog(tx, submission.id, [{ at: new Date(), line: `seed ${job.seed}: ${note}` }])
      await setJob(tx, job, submission, { state: 'waiting', note })
    }
    return true
  })
}

/** The end of a job that did not tell it itself: it is a failure unless it was published, or unwanted. */
async function endJob(
  tx: Db,
  job: TrainingJob,
  submission: Submission,
  failure: string,
  known: Pick<JobChange, 'attempt' | 'batchStatus'> = {},
): Promise<void> {
  if (await isPublished(tx, job.runId)) {
    await setJob(tx, job, submission, { ...known, state: 'succeeded' })
  } else if (job.cancelRequestedAt || submission.cancelRequestedAt) {
    await setJob(tx, job, submission, { ...known, state: 'cancelled' })
  } else {
    await setJob(tx, job, submission, { ...known, state: 'failed', failure })
  }
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
  readonly batchJobId?: string | null
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
      ...(change.failure === undefined ? {} : { failure: storableText(change.failure) }),
      updatedAt: now,
      ...(change.state === 'submitted' && job.submittedAt === null ? { submittedAt: now } : {}),
      ...(change.state === 'running' && job.startedAt === null ? { startedAt: now } : {}),
      ...(isFinalJob(change.state) ? { finishedAt: now } : {}),
    })
    .where(eq(trainingJobs.runId, job.runId))
  await settleSubmission(tx, submission, note)
  await recordInLedger(tx, job, submission, change)
}

/** The ledger knows of a run before its container trains, and of every end but a publication, which tells it itself. */
async function recordInLedger(
  tx: Db,
  { runId, seed }: TrainingJob,
  { spec, specDigest }: Submission,
  { state, failure }: JobChange,
): Promise<void> {
  if (state === 'running') {
    const run = { runId, specDigest, experimentDigest: digestExperiment(spec), seed }
    await recordStartIn(tx, run, { key: null, takesOver: true })
  } else if (state === 'failed' || state === 'cancelled') {
    await recordFailure(tx, runId, failure ?? (state === 'cancelled' ? 'It was cancelled.' : 'It failed.'))
  }
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
