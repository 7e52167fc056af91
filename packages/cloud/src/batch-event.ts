import { BenchError } from '@mate-bench/schema'
import { batchEvents, type Db, observeTrainingJob, trainingJobs } from '@mate-bench/store'
import { eq, lt, sql } from 'drizzle-orm'
import { z } from 'zod'
import { serviceJob } from './batch-service.ts'

/**
 * "Batch Job State Change" as EventBridge delivers it (AWS Batch user guide, "Batch job state change events"). Its
 * detail is a job's description; fields that are not used are not looked at, since new ones come.
 */
const eventSchema = z.looseObject({
  id: z.string().min(1).max(200),
  source: z.literal('aws.batch'),
  'detail-type': z.literal('Batch Job State Change'),
  detail: z.looseObject({
    jobId: z.string(),
    jobName: z.string(),
    status: z.string(),
    statusReason: z.string().optional(),
    attempts: z.array(z.unknown()).optional(),
    container: z
      .looseObject({ logStreamName: z.string().optional(), reason: z.string().optional() })
      .optional(),
  }),
})

export type BatchEventOutcome = 'applied' | 'nothing new' | 'not ours' | 'delivered before'

/**
 * Takes in one event. Events come at least once and in any order: what was delivered before, and what is older than
 * what is known, changes nothing.
 *
 * @throws BenchError `bad-input` for what is no such event
 */
export async function applyBatchEvent(db: Db, event: unknown): Promise<BatchEventOutcome> {
  const parsed = eventSchema.safeParse(event)
  if (!parsed.success) {
    throw new BenchError({
      code: 'bad-input',
      message: 'This is no state change of an AWS Batch job.',
      problems: parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), message })),
    })
  }
  const { id, detail } = parsed.data
  const job = serviceJob(detail as Parameters<typeof serviceJob>[0])
  if (!job) return 'not ours'
  return await db.transaction(async (tx) => {
    const [first] = await tx.insert(batchEvents).values({ id }).onConflictDoNothing().returning()
    if (!first) return 'delivered before'
    if ((await tx.$count(trainingJobs, eq(trainingJobs.runId, job.runId))) === 0) return 'not ours'
    return (await observeTrainingJob(tx, job)) ? 'applied' : 'nothing new'
  })
}

/** Forgets ids of events so old that the service has given up delivering them. */
export async function sweepBatchEvents(db: Db, keepDays = 14): Promise<void> {
  await db
    .delete(batchEvents)
    .where(lt(batchEvents.receivedAt, sql`clock_timestamp() - make_interval(days => ${keepDays}::int)`))
}
