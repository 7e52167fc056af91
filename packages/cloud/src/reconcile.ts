import {
  type Db,
  giveBackTrainingJob,
  giveUpTrainingJob,
  observeTrainingJob,
  sweepExpired,
  type TrainingJob,
  trainingJobs,
} from '@mate-bench/store'
import { inArray, sql } from 'drizzle-orm'
import { attempt } from './attempt.ts'
import { sweepBatchEvents } from './batch-event.ts'
import { endUnwanted } from './end-unwanted.ts'
import type { BatchTarget } from './environment.ts'
import { type LaunchContext, type Launched, launchWaiting } from './launch-waiting.ts'

export interface ReconcileContext extends LaunchContext {
  readonly target: Pick<BatchTarget, 'maximumActiveJobs' | 'attemptSeconds' | 'capacityWaitSeconds'>
}

export interface Reconciled extends Launched {
  /** Jobs about which the service knew something that the database did not. */
  readonly mended: number
  /** Jobs that were given up: the service does not know them any more, or they are overdue; or given back. */
  readonly givenUp: number
  /** Jobs of the service that no run waits for. */
  readonly unwanted: number
}

/** A job that the service does not know is given up, or back, after so long without a word of its container. */
const silentSeconds = 15 * 60

/** The service never had it, and can train it from its last checkpoint. */
const lostByHand = 'The trainer that somebody started by hand was not heard of any more.'

/** The job queue ends what waits for a machine; what it has left so many times as long waits for something else. */
const capacityWaits = 4

/**
 * Compares what the database believes with what the service says, and mends both: words that were lost are taken in,
 * jobs that nothing is heard of are given up, jobs that no run waits for are ended, and what waits is submitted.
 */
export async function reconcile(context: ReconcileContext): Promise<Reconciled> {
  const { db } = context
  const problems: string[] = []
  const { mended, givenUp } = await compareOpen(context, problems)
  const unwanted = (await attempt(problems, async () => await endUnwanted(context, problems))) ?? 0
  const launched = await launchWaiting(context)
  await sweepBatchEvents(db)
  await sweepExpired(db)
  return { ...launched, mended, givenUp, unwanted, problems: [...problems, ...launched.problems] }
}

async function compareOpen(
  { db, batch, target, say }: ReconcileContext,
  problems: string[],
): Promise<Pick<Reconciled, 'mended' | 'givenUp'>> {
  const open = await openJobs(db)
  const ids = open.flatMap(({ job }) => job.batchJobId ?? [])
  const described = await attempt(problems, async () => await batch.describe(ids))
  const known = new Map((described ?? []).map((job) => [job.batchJobId, job]))
  let [mended, givenUp] = [0, 0]
  // Where the service could not be asked, nobody knows what it has forgotten.
  for (const { job, silence } of described ? open : []) {
    const seen = known.get(job.batchJobId ?? '')
    if (seen && (await observeTrainingJob(db, seen))) {
      mended++
      say(`${job.runId}: the service says ${seen.status}`)
      continue
    }
    const why = seen ? overdue(job, silence, target) : forgotten(job, silence)
    if (why === undefined) continue
    await attempt(problems, async () => {
      if (seen) await batch.terminate(seen.batchJobId, why)
      const leave = job.batchJobId === null ? giveBackTrainingJob : giveUpTrainingJob
      if (!(await leave(db, job, why))) return
      givenUp++
      say(`${job.runId}: ${why}`)
    })
  }
  return { mended, givenUp }
}

/** With the seconds since anything was heard of them, by the database's clock. */
async function openJobs(db: Db): Promise<{ job: TrainingJob; silence: number }[]> {
  return await db
    .select({
      job: trainingJobs,
      silence: sql<number>`extract(epoch from clock_timestamp() - ${trainingJobs.updatedAt})::float8`,
    })
    .from(trainingJobs)
    .where(inArray(trainingJobs.state, ['submitted', 'running']))
}

function forgotten({ batchJobId }: TrainingJob, silence: number): string | undefined {
  if (silence <= silentSeconds) return undefined
  return batchJobId === null ? lostByHand : 'The service does not know this job any more.'
}

/** Why a job that the service still has is given up all the same. */
function overdue(
  { state }: TrainingJob,
  silence: number,
  { attemptSeconds, capacityWaitSeconds }: ReconcileContext['target'],
): string | undefined {
  if (state === 'running' && silence > attemptSeconds + silentSeconds) {
    return `Its container was silent for longer than the ${attemptSeconds} s that an attempt may take.`
  }
  const patience = capacityWaits * capacityWaitSeconds
  if (state === 'submitted' && silence > patience) return `It found no machine within ${patience} s.`
  return undefined
}
