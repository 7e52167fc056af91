import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { retryRun, trainerExitCodes } from '@mate-bench/cloud'
import { BenchError } from '@mate-bench/schema'
import {
  type ArtifactStore,
  beginTrainingJob,
  cancelSubmission,
  findRun,
  getSubmission,
  giveUpTrainingJob,
  loadTrainingJob,
  openArtifacts,
  trainingJobsOf,
} from '@mate-bench/store'
import { openTestStore, type TestStore } from '@mate-bench/store/testing'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { tinySpec } from '../../../test/support/tiny-spec.ts'
import type { ObjectStore } from './object-store.ts'
import { handOver, isSubmittedAs, silentLauncher } from './testing/hand-over.ts'
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

const { done, tryAgain, refused } = trainerExitCodes

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

  it('is not what cannot be reached: that is always worth another try', async () => {
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

describe('a run that is stopped while it trains', () => {
  /** Trains until a checkpoint is kept, and does this then. */
  async function stopped(
    job: TrainRunOptions['job'],
    act: (stop: AbortController, submissionId: string) => Promise<void> | void,
  ) {
    const { training } = tinySpec()
    const { id, runIds } = await handOver(
      store.db,
      tinySpec({ seeds: [1], training: { ...training, epochs: 500 } }),
    )
    const [runId = ''] = runIds
    if (job) await isSubmittedAs(store.db, runId, job.batchJobId)
    const stop = new AbortController()
    const kept = new MemoryObjects()
    const checkpoints: ObjectStore = Object.assign(Object.create(kept), {
      async put(...file: Parameters<ObjectStore['put']>) {
        await kept.put(...file)
        if (!stop.signal.aborted && file[0].endsWith('checkpoint.json')) await act(stop, id)
      },
    })
    const said: string[] = []
    const code = await trainRun({ ...here(said), runId, job, checkpoints, stop: stop.signal })
    const { history, log } = await getSubmission(store.db, id, 1000)
    const notes = [...history.map(({ note }) => note ?? ''), ...log.map(({ line }) => line)].join('\n')
    return { code, job: await jobOf(runId), history, notes, kept: kept.objects.size, said: said.join('\n') }
  }

  it('because somebody cancelled it is cancelled, though the signal came before the next report', async () => {
    const ended = await stopped({ batchJobId: 'job-5', attempt: 1 }, async (stop, id) => {
      await cancelSubmission(store.db, silentLauncher, { id, actor: 'ada' })
      stop.abort()
    })
    expect(ended.code, ended.said).toBe(done)
    expect(ended.job.state).toBe('cancelled')
    expect(ended.history.map(({ toState }) => toState).slice(-3)).toEqual(['running', 'running', 'cancelled'])
    expect(ended.notes).not.toContain('taken away')
    expect(ended.kept).toBe(0)
  })

  it('because it was given up meanwhile says nothing more', async () => {
    const ended = await stopped({ batchJobId: 'job-6', attempt: 1 }, async (stop, id) => {
      const [job] = await trainingJobsOf(store.db, id)
      if (job) await giveUpTrainingJob(store.db, job, 'Nothing was heard of it.')
      stop.abort()
    })
    expect(ended.code, ended.said).toBe(done)
    expect(ended.job).toMatchObject({ state: 'failed', failure: 'Nothing was heard of it.' })
    expect(ended.notes).not.toContain('taken away')
    expect(ended.kept).toBeGreaterThan(0)
  })

  const outOfTime = new BenchError({ code: 'interrupted', message: 'This attempt has had its time.' })
  it.each([
    [
      'its machine goes',
      { batchJobId: 'job-7', attempt: 1 },
      undefined,
      'The machine was taken away;',
      'submitted',
    ],
    ['its time is over', { batchJobId: 'job-8', attempt: 1 }, outOfTime, outOfTime.message, 'submitted'],
    ['of Ctrl-C', undefined, undefined, 'It was stopped by hand;', 'waiting'],
  ] as const)('because %s says so, and goes on from its checkpoint', async (_, job, reason, note, state) => {
    const ended = await stopped(job, (stop) => stop.abort(reason))
    expect(ended.code, ended.said).toBe(tryAgain)
    expect(ended.job).toMatchObject({ state, attempt: 1 })
    expect(ended.history.at(-1)).toMatchObject({ toState: 'queued', note: expect.stringContaining(note) })
    expect(ended.kept).toBeGreaterThan(0)
  })
})

it('is heard of before its data has come', async () => {
  const spec = tinySpec({ seeds: [1], dataset: { ...tinySpec().dataset, name: 'cifar10' } })
  const [runId = ''] = (await handOver(store.db, spec)).runIds
  let told: unknown
  const dataCache: ObjectStore = Object.assign(new MemoryObjects(), {
    async get() {
      await vi.waitFor(async () => expect((await jobOf(runId)).progress).not.toBeNull(), 10_000)
      told = (await jobOf(runId)).progress
      throw new BenchError({ code: 'storage', message: 'No bucket today.' })
    },
  })
  await trainRun({
    ...here([]),
    runId,
    job: undefined,
    dataFolder: join(work, 'no-data'),
    dataCache,
    checkpoints: new MemoryObjects(),
  })
  expect(told).toMatchObject({ runs: [{ seed: 1, state: 'waiting' }] })
})
