import { setTimeout as sleep } from 'node:timers/promises'
import {
  applyBatchEvent,
  batchTargetFromEnvironment,
  cancelRun,
  cloudVariables,
  launchWaiting,
  openBatchService,
} from '@mate-bench/cloud'
import {
  approve,
  FakeBatch,
  FakeLogs,
  jobDefinitionSchema,
  processContainers,
} from '@mate-bench/cloud/testing'
import {
  beginTrainingJob,
  endTrainingJob,
  getSubmission,
  loadTrainingJob,
  observeTrainingJob,
  setJob,
  trainingJobsOf,
} from '@mate-bench/store'
import { openTestStore, type TestStore } from '@mate-bench/store/testing'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { cancel } from './cancel.ts'
import { showLogs } from './logs.ts'
import { retry } from './retry.ts'
import { showStatus } from './status.ts'

const jobQueue = 'arn:aws:batch:us-east-1:111111111111:job-queue/gpu'
const jobDefinition = 'arn:aws:batch:us-east-1:111111111111:job-definition/trainer:1'
const logGroup = '/mate-bench/test/trainer'

let store: TestStore
let batch: FakeBatch
let logs: FakeLogs
const before = { ...process.env }
beforeAll(async () => {
  store = await openTestStore()
  batch = new FakeBatch({
    jobQueue,
    jobDefinition,
    // A container that trains until it is told to stop.
    definition: jobDefinitionSchema.parse({
      containerProperties: { command: ['node', '-e', 'setInterval(() => {}, 1000)'] },
    }),
    secrets: {},
    startContainer: processContainers(process.cwd()),
    environment: {},
    onEvent: () => {},
  })
  await batch.start()
  logs = new FakeLogs({ logGroup })
  // What an operator has set, and nothing more: neither queue, job definition nor limit.
  for (const name of Object.values(cloudVariables)) delete process.env[name]
  Object.assign(process.env, {
    DATABASE_URL: store.url,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_ENDPOINT_URL_BATCH: batch.endpoint,
    AWS_ENDPOINT_URL_CLOUDWATCH_LOGS: await logs.start(),
    [cloudVariables.logGroup]: logGroup,
  })
})
afterAll(async () => {
  process.env = before
  await batch?.close()
  await logs?.close()
  await store?.close()
})

let printed = ''
let noted = ''
beforeEach(() => {
  printed = ''
  noted = ''
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text)
    return true
  })
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    noted += String(text)
    return true
  })
})
afterEach(() => {
  vi.restoreAllMocks()
})

const approved = async (seeds: number[]) => await approve(store.db, seeds)

const statesOf = async (id: string) => (await trainingJobsOf(store.db, id)).map(({ state }) => state)

describe('mate-bench cloud cancel', () => {
  it('ends what the service has and submits nothing, though there would be room', async () => {
    const target = batchTargetFromEnvironment({
      [cloudVariables.jobQueue]: jobQueue,
      [cloudVariables.jobDefinition]: jobDefinition,
      [cloudVariables.maximumActiveJobs]: '1',
    })
    const there = await approved([1, 2, 3])
    await launchWaiting({ db: store.db, batch: openBatchService(target), target, say: () => {} })
    expect(await statesOf(there.id)).toEqual(['submitted', 'waiting', 'waiting'])

    const [first = '', second = ''] = there.runIds
    await cancel(second, false)
    expect(printed).toBe(`${second}: cancelled\n`)
    printed = ''
    await cancel(first, true)
    expect(JSON.parse(printed)).toEqual({ id: first, state: 'asked', ended: 1, problems: [] })
    expect(noted).toBe(`${first}: asked to end\n`)
    expect(batch.jobIds).toHaveLength(1)
    expect((await statesOf(there.id)).slice(1)).toEqual(['cancelled', 'waiting'])
    // A container ends in its own time, and the service tells it then.
    const service = openBatchService(target)
    await vi.waitFor(async () => {
      const [seen] = await service.describe(batch.jobIds)
      expect(seen?.status).toBe('FAILED')
      if (seen) await observeTrainingJob(store.db, seen)
    }, 20_000)
    expect(await statesOf(there.id)).toEqual(['cancelled', 'cancelled', 'waiting'])
  })
})

describe('mate-bench cloud retry', () => {
  it('gives a run that failed back to the launch function, in the operator’s name', async () => {
    const { id, runIds } = await approved([1])
    const [runId = ''] = runIds
    await beginTrainingJob(store.db, { runId, attempt: 1 })
    await endTrainingJob(store.db, { runId, attempt: 1 }, { state: 'failed', failure: 'no GPU' })
    await retry(runId)
    expect(printed).toBe(`${runId}: waiting\n`)
    expect(await statesOf(id)).toEqual(['waiting'])
    expect((await getSubmission(store.db, id)).history.at(-1)?.actor).toMatch(/^operator ./)
    await expect(retry(runId)).rejects.toMatchObject({ code: 'conflict', path: runId })
  })
})

describe('mate-bench cloud logs', () => {
  /** The service begins an attempt, which writes to a stream of its own. */
  async function begins(runId: string, attempt: number): Promise<string> {
    const { job, submission } = await loadTrainingJob(store.db, runId)
    const batchJobId = `job-of-${runId}`
    if (job.batchJobId === null) await setJob(store.db, job, submission, { state: 'submitted', batchJobId })
    const logStreamName = `trainer/default/${runId}-${attempt}`
    const container = { logStreamName }
    const attempts = Array.from({ length: attempt - 1 }, () => ({}))
    await applyBatchEvent(store.db, {
      id: `${runId}-${attempt}`,
      source: 'aws.batch',
      'detail-type': 'Batch Job State Change',
      detail: { jobId: batchJobId, jobName: runId, status: 'RUNNING', attempts, container },
    })
    return logStreamName
  }
  const until = async (text: string) =>
    await vi.waitFor(() => expect(printed).toContain(text), { timeout: 20_000, interval: 5 })

  it('says that no container has started yet', async () => {
    const { runIds } = await approved([1])
    await showLogs(runIds[0] ?? '', { follow: false })
    expect(printed).toBe(`${runIds[0]} is waiting: no container has started.\n`)
  })

  it('prints what there is, and ends', async () => {
    const [runId = ''] = (await approved([1])).runIds
    logs.write(await begins(runId, 1), 'one', 'two\n', 'three', 'four', 'five')
    await showLogs(runId, { follow: false })
    expect(printed.split('\n').map((line) => line.split('  ')[1])).toEqual([
      'one',
      'two',
      'three',
      'four',
      'five',
      undefined,
    ])
    expect(printed).toMatch(/^2026-01-01T00:00:00\.000Z {2}one\n/)
  })

  it('follows a run from before its first line, through a second attempt, to its end', async () => {
    const [runId = ''] = (await approved([1])).runIds
    const following = showLogs(runId, { follow: true, pollMilliseconds: 20 })
    const first = await begins(runId, 1)
    logs.write(first, 'begins')
    await until('begins')
    await sleep(50)
    logs.write(first, 'taken away')
    const second = await begins(runId, 2)
    logs.write(second, 'goes on')
    await until('goes on')
    logs.write(second, 'published')
    const last = { runId, batchJobId: `job-of-${runId}`, attempt: 2 }
    await endTrainingJob(store.db, last, { state: 'succeeded' })
    await following
    // Each once, and in order.
    const lines = printed.split('\n').map((line) => line.split('  ')[1])
    expect(lines).toEqual(['begins', 'taken away', 'goes on', 'published', undefined])
  })

  it('says of a run that ended without a container that there was none', async () => {
    const [runId = ''] = (await approved([1])).runIds
    const following = showLogs(runId, { follow: true, pollMilliseconds: 20 })
    await sleep(50)
    await cancelRun(store.db, runId, 'grace')
    await following
    expect(printed).toBe(`${runId} is cancelled: no container has started.\n`)
  })

  it('needs the log group', async () => {
    delete process.env[cloudVariables.logGroup]
    await expect(showLogs('run_00000000000000000000', { follow: false })).rejects.toMatchObject({
      code: 'bad-input',
      path: cloudVariables.logGroup,
    })
    process.env[cloudVariables.logGroup] = logGroup
  })
})

it.each([
  ['status', () => showStatus(undefined, false)],
  ['logs', () => showLogs('run_0123456789abcdef0123', { follow: false })],
  ['cancel', () => cancel('sub_0123456789abcdef0123', false)],
  ['retry', () => retry('run_0123456789abcdef0123')],
])('%s wants to be told the deployment’s database, and takes no other', async (_, command) => {
  vi.stubEnv('DATABASE_URL', '')
  vi.stubEnv('POSTGRES_URL', '')
  try {
    await expect(command()).rejects.toMatchObject({ code: 'bad-input', path: 'DATABASE_URL' })
  } finally {
    vi.unstubAllEnvs()
  }
})
