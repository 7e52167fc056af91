import {
  BatchClient,
  DescribeJobsCommand,
  SubmitJobCommand,
  TerminateJobCommand,
} from '@aws-sdk/client-batch'
import { cancelSubmission, submissions, trainingJobsOf } from '@mate-bench/store'
import { openTestStore, type TestStore } from '@mate-bench/store/testing'
import { eq } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { awsBatchLauncher } from './aws-batch-launcher.ts'
import { applyBatchEvent } from './batch-event.ts'
import { openBatchService } from './batch-service.ts'
import { cancelRun } from './cancel-run.ts'
import { endCancelled } from './end-cancelled.ts'
import { launchWaiting } from './launch-waiting.ts'
import { reconcile } from './reconcile.ts'
import { approve } from './testing/approve.ts'
import { type BatchEvent, FakeBatch } from './testing/fake-batch.ts'
import { jobDefinitionSchema } from './testing/job-definition.ts'
import { processContainers } from './testing/process-container.ts'

/** What the functions do, with the real client, against a service that refuses and pages as AWS Batch does. */

const jobQueue = 'arn:aws:batch:us-east-1:111111111111:job-queue/gpu'
const jobDefinition = 'arn:aws:batch:us-east-1:111111111111:job-definition/trainer:1'
const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }

let store: TestStore
beforeAll(async () => {
  store = await openTestStore()
})
afterAll(async () => {
  await store?.close()
})

let fake: FakeBatch
let client: BatchClient
let events: BatchEvent[]
let said: string[]
beforeEach(async () => {
  await store.db.delete(submissions)
  events = []
  said = []
  fake = new FakeBatch({
    jobQueue,
    jobDefinition,
    definition: jobDefinitionSchema.parse({
      // Trains until it is told to end, and then ends without a complaint.
      containerProperties: {
        command: ['node', '-e', 'process.on("SIGTERM", () => process.exit(0)); setInterval(() => {}, 1000)'],
      },
      retryStrategy: { attempts: 5, evaluateOnExit: [{ onStatusReason: 'Host EC2*', action: 'RETRY' }] },
    }),
    secrets: {},
    startContainer: processContainers(process.cwd()),
    environment: {},
    onEvent: (event) => events.push(event),
  })
  await fake.start()
  client = new BatchClient({ endpoint: fake.endpoint, region: 'us-east-1', credentials, maxAttempts: 1 })
})
afterEach(async () => {
  client.destroy()
  await fake.close()
})

const context = (maximumActiveJobs = 10) => ({
  db: store.db,
  batch: openBatchService({ jobQueue, jobDefinition }, client),
  target: { maximumActiveJobs, attemptSeconds: 7200, capacityWaitSeconds: 3600 },
  say: (line: string) => said.push(line),
})
const jobOf = async (id: string) => (await trainingJobsOf(store.db, id))[0]
const statusOf = async (jobId: string) =>
  (await client.send(new DescribeJobsCommand({ jobs: [jobId] }))).jobs?.[0]?.status
const becomes = async (jobId: string, status: string) =>
  await vi.waitFor(async () => expect(await statusOf(jobId)).toBe(status), 20_000)
/** All that was told so far. */
async function takeInEvents(): Promise<void> {
  for (const event of events) await applyBatchEvent(store.db, event)
}
async function submitJob(jobName: string, tags: Record<string, string> = { run: jobName }): Promise<string> {
  const job = { jobName, jobQueue, jobDefinition, parameters: { runId: jobName }, tags }
  return (await client.send(new SubmitJobCommand(job))).jobId ?? ''
}

describe('a job whose machine was taken away, and which waits for another', () => {
  /** @returns the submission's and the job's id, once Postgres holds the second attempt */
  async function reclaimed(): Promise<{ id: string; runId: string; jobId: string }> {
    const { id, runIds } = await approve(store.db, [1])
    await launchWaiting(context(1))
    const [jobId = ''] = fake.jobIds
    await becomes(jobId, 'RUNNING')
    fake.hasMachines = false
    fake.reclaim(jobId)
    await becomes(jobId, 'RUNNABLE')
    await takeInEvents()
    expect(await jobOf(id)).toMatchObject({ state: 'submitted', attempt: 2, batchStatus: 'RUNNABLE' })
    return { id, runId: runIds[0] ?? '', jobId }
  }

  it('is cancelled by an operator, and leaves its place to the next', async () => {
    const { id, runId } = await reclaimed()
    const next = await approve(store.db, [2])
    expect(await cancelRun(store.db, runId, 'grace')).toBe('asked')
    await endCancelled(context())
    expect(await jobOf(id)).toMatchObject({ state: 'cancelled', attempt: 2 })
    expect(await launchWaiting(context(1))).toMatchObject({ submitted: 1, ended: 0 })
    expect((await jobOf(next.id))?.state).toBe('submitted')
  })

  it('is ended at the service by somebody, and the event says so', async () => {
    const { id, jobId } = await reclaimed()
    await client.send(new TerminateJobCommand({ jobId, reason: 'By hand.' }))
    await takeInEvents()
    expect(await jobOf(id)).toMatchObject({ state: 'failed', failure: 'By hand.' })
  })

  it('is ended by the queue for want of a machine, and reconcile hears of it', async () => {
    const { id, jobId } = await reclaimed()
    fake.cancelForCapacity(jobId)
    expect(await reconcile(context())).toMatchObject({ mended: 1, givenUp: 0 })
    expect(await jobOf(id)).toMatchObject({
      state: 'failed',
      failure: 'CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY',
    })
  })
})

describe('a job that a function submitted before it died', () => {
  it('is found among more than one page, and adopted where it stands', async () => {
    const { id, runIds } = await approve(store.db, [1])
    const ids: string[] = []
    for (let i = 0; i < 3; i++) ids.push(await submitJob(runIds[0] ?? ''))
    const [oldest = '', ...newer] = ids
    for (const jobId of newer) {
      await becomes(jobId, 'RUNNING')
      await client.send(new TerminateJobCommand({ jobId, reason: 'Only the oldest is left.' }))
      await becomes(jobId, 'FAILED')
    }
    await becomes(oldest, 'RUNNING')
    expect(await launchWaiting(context())).toMatchObject({ submitted: 1 })
    expect(fake.jobIds).toHaveLength(3)
    expect(await jobOf(id)).toMatchObject({ state: 'running', batchJobId: oldest, attempt: 1 })
  })

  it('is ended where its run was cancelled meanwhile, and those that are not ours are left alone', async () => {
    const { id, runIds } = await approve(store.db, [1])
    const orphan = await submitJob(runIds[0] ?? '')
    const nobodys = await submitJob(`run_${'0'.repeat(20)}`)
    const untagged = await submitJob(`run_${'1'.repeat(20)}`, {})
    const others = await submitJob('somebody-elses')
    const launcher = awsBatchLauncher(async () => {})
    await cancelSubmission(store.db, launcher, { id, actor: 'ada' })
    const kept = await approve(store.db, [2])
    await launchWaiting(context())
    const all = [...fake.jobIds]
    for (const jobId of all) await becomes(jobId, 'RUNNING')
    expect(await reconcile(context())).toMatchObject({ unwanted: 2, problems: [] })
    await becomes(orphan, 'FAILED')
    await becomes(nobodys, 'FAILED')
    const keptJob = (await jobOf(kept.id))?.batchJobId ?? ''
    for (const jobId of [untagged, others, keptJob]) expect(await statusOf(jobId)).not.toBe('FAILED')
    expect(await reconcile(context())).toMatchObject({ unwanted: 0 })
  })

  it('of a run that waits is left to the launch function', async () => {
    const { id, runIds } = await approve(store.db, [1])
    const orphan = await submitJob(runIds[0] ?? '')
    expect(await reconcile(context())).toMatchObject({ unwanted: 0, submitted: 1 })
    expect((await jobOf(id))?.batchJobId).toBe(orphan)
  })
})

describe('a service that refuses', () => {
  const arn = 'arn:aws:sts::111111111111:assumed-role/launch/function'
  it.each([
    ['AccessDeniedException', `User: ${arn} is not authorized to perform: batch:SubmitJob`],
    ['ExpiredTokenException', 'The security token included in the request is expired'],
    ['InvalidSignatureException', 'The signature does not match.\n\nx-amz-security-token:no-token'],
    ['ClientException', 'Error executing request, Exception : JobQueue gpu is disabled.'],
  ])('with %s keeps what waits waiting', async (type, message) => {
    const { id } = await approve(store.db, [1, 2])
    fake.refusal = { type, message }
    const { problems } = await launchWaiting(context())
    expect(problems).toHaveLength(1)
    expect(problems[0]).toContain(message.split('\n')[0]?.replace(/\.$/, ''))
    expect(problems[0]).not.toContain('no-token')
    const states = async () => (await trainingJobsOf(store.db, id)).map(({ state }) => state)
    expect(await states()).toEqual(['waiting', 'waiting'])
    fake.refusal = undefined
    expect(await launchWaiting(context())).toMatchObject({ submitted: 2, problems: [] })
    expect(await states()).toEqual(['submitted', 'submitted'])
  })

  it('says why a job failed, without the names of the account', async () => {
    const { id } = await approve(store.db, [1])
    fake.hasMachines = false
    await launchWaiting(context())
    const reason = `CannotPull from 111111111111.dkr.ecr.us-east-1.amazonaws.com as ${arn} denied`
    await client.send(new TerminateJobCommand({ jobId: fake.jobIds[0] ?? '', reason }))
    await reconcile(context())
    expect((await jobOf(id))?.failure).toBe(
      'CannotPull from ACCOUNT.dkr.ecr.us-east-1.amazonaws.com as ARN denied',
    )
    expect(await store.db.$count(submissions, eq(submissions.state, 'failed'))).toBe(1)
  })
})

it('a job that an operator looks for in a queue that is not there is no reason to give runs up', async () => {
  const { id } = await approve(store.db, [1])
  const elsewhere = openBatchService({ jobQueue: `${jobQueue}-other`, jobDefinition }, client)
  expect((await launchWaiting({ ...context(), batch: elsewhere })).problems[0]).toContain('not found')
  expect((await jobOf(id))?.state).toBe('waiting')
})
