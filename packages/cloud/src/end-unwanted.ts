import { type Db, isFinalJob, type TrainingJobState, trainingJobs } from '@mate-bench/store'
import { inArray, sql } from 'drizzle-orm'
import { attempt } from './attempt.ts'
import type { ServiceJob } from './batch-service.ts'
import type { LaunchContext } from './launch-waiting.ts'

/** A container ends by itself soon after it has told how its run went. */
const freshMinutes = 10

/**
 * Ends jobs of the queue that no run waits for: a function died between submitting one and writing it down, and the
 * run was cancelled meanwhile; or a trainer that was started by hand has taken the run. What waits is left to the
 * launch function, which finds its job by the run's id.
 *
 * @returns how many were asked to end
 */
export async function endUnwanted(
  { db, batch, say }: Pick<LaunchContext, 'db' | 'batch' | 'say'>,
  problems: string[],
): Promise<number> {
  // In this order: a job that is submitted in between is not in the list.
  const listed = (await batch.listOpen()).filter(({ tagged }) => tagged)
  const owners = await ownersOf(db, listed)
  let ended = 0
  for (const job of listed) {
    if (isWanted(job, owners.get(job.runId))) continue
    await attempt(problems, async () => {
      await batch.terminate(job.batchJobId, 'No run waits for this job.')
      ended++
      say(`${job.runId}: asked ${job.batchJobId} to end: no run waits for it`)
    })
  }
  return ended
}

interface Owner {
  readonly state: TrainingJobState
  readonly batchJobId: string | null
  /** Whether the row was changed so lately that its container may still be tidying up. */
  readonly fresh: boolean
}

async function ownersOf(db: Db, jobs: readonly ServiceJob[]): Promise<Map<string, Owner>> {
  if (jobs.length === 0) return new Map()
  const { runId, state, batchJobId, updatedAt } = trainingJobs
  const fresh = sql<boolean>`${updatedAt} > clock_timestamp() - make_interval(mins => ${freshMinutes}::int)`
  const rows = await db
    .select({ runId, state, batchJobId, fresh })
    .from(trainingJobs)
    .where(
      inArray(
        runId,
        jobs.map((job) => job.runId),
      ),
    )
  return new Map(rows.map((row) => [row.runId, row]))
}

function isWanted({ batchJobId }: ServiceJob, owner: Owner | undefined): boolean {
  if (!owner) return false
  const same = owner.batchJobId === batchJobId
  if (owner.state === 'waiting') return !same
  return same && (owner.fresh || !isFinalJob(owner.state))
}
