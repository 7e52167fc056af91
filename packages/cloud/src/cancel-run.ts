import { BenchError } from '@mate-bench/schema'
import {
  type Db,
  isFinalJob,
  loadTrainingJob,
  lockSubmission,
  recordEvent,
  setJob,
  trainingJobs,
} from '@mate-bench/store'
import { eq, sql } from 'drizzle-orm'

/**
 * Cancels one run of a submission: at once where it waits, else as a wish that the launch function and the container
 * carry out. The other runs go on.
 *
 * @throws BenchError `not-found`, `conflict` for one that has ended
 */
export async function cancelRun(db: Db, runId: string, actor: string): Promise<'cancelled' | 'asked'> {
  return await db.transaction(async (tx) => {
    const { submission } = await loadTrainingJob(tx, runId)
    const locked = await lockSubmission(tx, submission.id)
    const { job } = await loadTrainingJob(tx, runId)
    if (isFinalJob(job.state)) {
      throw new BenchError({
        code: 'conflict',
        message: `The run ${runId} has ${job.state === 'cancelled' ? 'been cancelled' : job.state} already.`,
        path: runId,
      })
    }
    await recordEvent(tx, locked.id, locked.state, {
      to: locked.state,
      actor,
      note: `Asked to stop seed ${job.seed}.`,
    })
    if (job.state === 'waiting') {
      await setJob(tx, job, locked, { state: 'cancelled' })
      return 'cancelled'
    }
    await tx
      .update(trainingJobs)
      // The first wish counts: the container had its time since then.
      .set({ cancelRequestedAt: sql`coalesce(${trainingJobs.cancelRequestedAt}, clock_timestamp())` })
      .where(eq(trainingJobs.runId, runId))
    return 'asked'
  })
}
