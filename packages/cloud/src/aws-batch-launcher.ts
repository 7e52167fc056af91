import { randomBytes } from 'node:crypto'
import {
  changeState,
  type Db,
  type Launcher,
  placesInQueue,
  type Submission,
  setJob,
  submissions,
  trainingJobs,
  trainingJobsOf,
} from '@mate-bench/store'
import { and, eq, inArray, sql } from 'drizzle-orm'

/**
 * Runs train as jobs of AWS Batch, one per seed. What is to be submitted or ended stands in `training_jobs` and is
 * written with the decision, in its transaction; the launch function, which `wake` calls, carries it out.
 */
export function awsBatchLauncher(wake: () => Promise<void>): Launcher {
  return {
    name: 'aws-batch',
    async start(tx, submission, actor) {
      await tx.update(submissions).set({ launcher: 'aws-batch' }).where(eq(submissions.id, submission.id))
      const queued = await changeState(tx, submission, { to: 'queued', actor })
      await tx.insert(trainingJobs).values(
        submission.spec.seeds.map((seed) => ({
          runId: newRunId(),
          submissionId: submission.id,
          seed,
          state: 'waiting' as const,
        })),
      )
      return queued
    },
    cancel: endJobs,
    stop: endJobs,
    async status(db, { id }) {
      const places = await placesInQueue(db, [id])
      return { position: places.get(id) ?? null, ready: true }
    },
    wake,
  }
}

/** What waits here is cancelled at once; what the service has is marked, and ended by the launch function. */
async function endJobs(tx: Db, submission: Submission): Promise<void> {
  for (const job of await trainingJobsOf(tx, submission.id)) {
    if (job.state === 'waiting') await setJob(tx, job, submission, { state: 'cancelled' })
  }
  await tx
    .update(trainingJobs)
    .set({ cancelRequestedAt: sql`coalesce(${trainingJobs.cancelRequestedAt}, clock_timestamp())` })
    .where(
      and(
        eq(trainingJobs.submissionId, submission.id),
        inArray(trainingJobs.state, ['submitted', 'running']),
      ),
    )
}

/** Drawn before training, and the run's own from then on. */
function newRunId(): string {
  return `run_${randomBytes(10).toString('hex')}`
}
