import { BenchError } from '@mate-bench/schema'
import {
  changeState,
  type Db,
  isFinal,
  loadTrainingJob,
  lockSubmission,
  recordEvent,
  setJob,
  trainingJobs,
} from '@mate-bench/store'
import { eq } from 'drizzle-orm'

/**
 * Has a run that failed trained again, from its last checkpoint: it waits, and the launch function takes it. Its row
 * goes on naming the job that failed, whose late words are not meant for the new one.
 *
 * @throws BenchError `not-found`, `conflict` for a run that has not failed, or whose submission was cancelled
 */
export async function retryRun(db: Db, runId: string, actor: string): Promise<void> {
  await db.transaction(async (tx) => {
    const { submission } = await loadTrainingJob(tx, runId)
    const locked = await lockSubmission(tx, submission.id)
    const { job } = await loadTrainingJob(tx, runId)
    if (job.state !== 'failed') {
      throw new BenchError({
        code: 'conflict',
        message: `The run ${runId} is ${job.state}.`,
        path: runId,
        hint: 'Only a run that failed is trained again.',
      })
    }
    if (locked.cancelRequestedAt && !isFinal(locked.state)) {
      throw new BenchError({
        code: 'conflict',
        message: `The submission ${locked.id} was asked to stop.`,
        path: runId,
        hint: 'Try again once all of its runs have ended.',
      })
    }
    const note = `Seed ${job.seed} is to be trained again.`
    const set = { failure: null, cancelRequestedAt: null }
    let present = locked
    if (isFinal(locked.state)) present = await changeState(tx, locked, { to: 'queued', actor, note, set })
    else await recordEvent(tx, locked.id, locked.state, { to: locked.state, actor, note })
    await tx
      .update(trainingJobs)
      .set({ batchStatus: null, logStream: null, failure: null, cancelRequestedAt: null, finishedAt: null })
      .where(eq(trainingJobs.runId, runId))
    await setJob(tx, job, present, { state: 'waiting' })
  })
}
