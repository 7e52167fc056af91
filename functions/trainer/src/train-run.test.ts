import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { retryRun, trainerExitCodes } from '@mate-bench/cloud'
import { BenchError } from '@mate-bench/schema'
import {
  type ArtifactStore,
  beginTrainingJob,
  findRun,
  loadTrainingJob,
  openArtifacts,
} from '@mate-bench/store'
import { openTestStore, type TestStore } from '@mate-bench/store/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { tinySpec } from '../../../test/support/tiny-spec.ts'
import type { ObjectStore } from './object-store.ts'
import { handOver, isSubmittedAs } from './testing/hand-over.ts'
import { MemoryObjects } from './testing/memory-objects.ts'
import { type TrainRunOptions, trainRun } from './train-run.ts'

let store: TestStore
let work: string
let artifacts: ArtifactStore
beforeAll(async () => {
  work = await mkdtemp(join(tmpdir(), 'mate-bench-train-run-'))
  store = await openTestStore()
  artifacts = await openArtifacts(join(work, 'artifacts'))
})
afterAll(async () => {
  await store?.close()
  await rm(work, { recursive: true, force: true })
})

const jobOf = async (runId: string) => (await loadTrainingJob(store.db, runId)).job

/** A machine that fails in this way as soon as it looks for a checkpoint. */
async function machine(problem: Error) {
  const [runId = ''] = (await handOver(store.db, tinySpec({ seeds: [1] }))).runIds
  const said: string[] = []
  const checkpoints: ObjectStore = Object.assign(new MemoryObjects(), { get: () => Promise.reject(problem) })
  const train = async (job: TrainRunOptions['job']) =>
    await trainRun({ ...here(said), runId, job, checkpoints })
  return { runId, train, said }
}

/** What is the same for all trainers of this file. */
const here = (said: string[]) => ({
  db: store.db,
  artifacts,
  backend: 'wasm' as const,
  work: join(work, 'scratch'),
  dataFolder: undefined,
  dataCache: undefined,
  checkpointEverySteps: undefined,
  stop: new AbortController().signal,
  kill: new AbortController().signal,
  say: (line: string) => said.push(line),
})

const { tryAgain, refused } = trainerExitCodes

describe('what went wrong that nobody foresaw', () => {
  it('may be the machine’s doing: two attempts are followed by another, the third is the last', async () => {
    const { runId, train } = await machine(new Error('ENOSPC: no space left on device, write'))
    await isSubmittedAs(store.db, runId, 'job-1')
    for (const attempt of [1, 2]) {
      expect(await train({ batchJobId: 'job-1', attempt })).toBe(tryAgain)
      expect(await jobOf(runId)).toMatchObject({ state: 'submitted', attempt })
    }
    expect(await train({ batchJobId: 'job-1', attempt: 3 })).toBe(refused)
    expect(await jobOf(runId)).toMatchObject({
      state: 'failed',
      attempt: 3,
      failure: expect.stringContaining('ENOSPC'),
    })
  })

  it('is told to everybody without the names of the account, which stand in the log', async () => {
    const user = 'arn:aws:sts::111111111111:assumed-role/trainer/i-1'
    const { runId, train, said } = await machine(new Error(`AccessDenied: User: ${user} may not read`))
    await isSubmittedAs(store.db, runId, 'job-0')
    await train({ batchJobId: 'job-0', attempt: 3 })
    expect(said.join('\n')).toContain(user)
    expect((await jobOf(runId)).failure).toBe('AccessDenied: User: ARN may not read')
  })

  it('is not what can not be reached: that is always worth another try', async () => {
    const { runId, train } = await machine(new BenchError({ code: 'storage', message: 'No bucket today.' }))
    await isSubmittedAs(store.db, runId, 'job-2')
    expect(await train({ batchJobId: 'job-2', attempt: 5 })).toBe(tryAgain)
  })
})

describe('a run that is trained by hand', () => {
  it('counts on from the last attempt, and goes back to the launch function where it was broken off', async () => {
    const { runId, train } = await machine(new Error('a defect'))
    await isSubmittedAs(store.db, runId, 'job-3')
    expect(await train({ batchJobId: 'job-3', attempt: 4 })).toBe(refused)
    await retryRun(store.db, runId, 'operator ada')
    expect(await train(undefined)).toBe(refused)
    expect(await jobOf(runId)).toMatchObject({ state: 'failed', attempt: 5, batchJobId: null })
    const another = await machine(new BenchError({ code: 'offline', message: 'No network.' }))
    expect(await another.train(undefined)).toBe(tryAgain)
    expect(await jobOf(another.runId)).toMatchObject({ state: 'waiting', attempt: 1 })
  })
})

it('publishes nothing once a later attempt has the run, however late it hears of that', async () => {
  const [runId = ''] = (await handOver(store.db, tinySpec({ seeds: [1] }))).runIds
  await isSubmittedAs(store.db, runId, 'job-4')
  // The machine was given up while its files went to the bucket: between two reports.
  const overtaken: ArtifactStore = Object.assign(Object.create(artifacts), {
    async put(...file: Parameters<ArtifactStore['put']>) {
      await beginTrainingJob(store.db, { runId, batchJobId: 'job-4', attempt: 2 })
      return await artifacts.put(...file)
    },
  })
  const said: string[] = []
  const code = await trainRun({
    ...here(said),
    runId,
    job: { batchJobId: 'job-4', attempt: 1 },
    artifacts: overtaken,
    checkpoints: new MemoryObjects(),
  })
  expect(code, said.join('\n')).toBe(trainerExitCodes.done)
  expect(said.at(-1)).toContain('another attempt has it')
  expect(await findRun(store.db, runId)).toBeUndefined()
  expect(await jobOf(runId)).toMatchObject({ state: 'running', attempt: 2 })
})
