import { mkdirSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { digestSpec, runFolderName, type Spec } from '@mate-bench/harness'
import { submissionProgressSchema } from '@mate-bench/schema'
import {
  approveSubmission,
  cancelSubmission,
  createSubmission,
  createToken,
  getSubmission,
  listRuns,
  localQueue,
  type SubmissionDetail,
} from '@mate-bench/store'
import { openTestStore, type TestStore } from '@mate-bench/store/testing'
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest'
import type { StartedProgram } from '../support/start-program.ts'
import { startWorker } from '../support/start-worker.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { tinySpec } from '../support/tiny-spec.ts'

// Processes that train: slow where a machine has much else to do.
vi.setConfig({ testTimeout: 180_000 })

let store: TestStore
let tokenId: string
const artifacts = temporaryFolder()
const workers: StartedProgram[] = []

beforeAll(async () => {
  store = await openTestStore()
  const expiresAt = new Date('2100-01-01')
  tokenId = (await createToken(store.db, { name: 'test', owner: 'ada', scopes: ['submit'], expiresAt })).id
})
afterEach(async () => {
  for (const { child, ended } of workers.splice(0)) {
    child.kill('SIGKILL')
    await ended
  }
})
afterAll(async () => {
  await store?.close()
})

function work(runs: string, ...args: string[]): StartedProgram {
  const worker = startWorker({ url: store.url, artifacts, runs, args: ['--lease', '3', ...args] })
  workers.push(worker)
  return worker
}

/** Approved; the first worker that looks queues it. */
async function submit(spec: Spec): Promise<string> {
  const { id } = await createSubmission(store.db, {
    spec,
    specDigest: digestSpec(spec),
    totalMacs: 1,
    tokenId,
    submitter: 'ada',
  })
  await approveSubmission(store.db, localQueue, { id, actor: 'grace' })
  return id
}

/** Trains for some seconds, with a checkpoint each epoch. */
function longSpec(name: string, epochs = 40): Spec {
  const { training } = tinySpec()
  return tinySpec({ name, method: { name: 'joint' }, training: { ...training, epochs }, seeds: [1] })
}

async function until(id: string, holds: (detail: SubmissionDetail) => boolean, workers: StartedProgram[]) {
  for (let i = 0; i < 2000; i++) {
    const detail = await getSubmission(store.db, id, 1000)
    if (holds(detail)) return detail
    await sleep(50)
  }
  throw new Error(`It never came to that:\n${workers.map((worker) => worker.output()).join('\n')}`)
}

const hasSaid = (pattern: RegExp) => (detail: SubmissionDetail) =>
  detail.log.some(({ line }) => pattern.test(line))
const hasTrained = (seed: number) => hasSaid(new RegExp(`seed ${seed}: epoch [2-9]`))
const hasPublished = (seed: number) => hasSaid(new RegExp(`seed ${seed}: published`))
const logOf = ({ log }: SubmissionDetail) => log.map(({ line }) => line).join('\n')
const statesOf = ({ history }: SubmissionDetail) => history.map(({ toState }) => toState)

it('hands a submission back on SIGTERM, with its checkpoint, and another worker goes on from there', async () => {
  const runs = temporaryFolder()
  const id = await submit(longSpec('handed-back'))
  const first = work(runs)
  await until(id, hasTrained(1), [first])
  first.child.kill('SIGTERM')
  expect(await first.ended, first.output()).toBe(130)
  const waiting = await getSubmission(store.db, id, 1000)
  expect(waiting.submission).toMatchObject({ state: 'queued', worker: null })
  expect(waiting.history.at(-1)?.note).toContain('its last checkpoint stays')

  const second = work(runs, '--once')
  expect(await second.ended, second.output()).toBe(0)
  const done = await getSubmission(store.db, id, 1000)
  expect(statesOf(done)).toEqual([
    'submitted',
    'approved',
    'queued',
    'running',
    'queued',
    'running',
    'finished',
  ])
  expect(logOf(done)).toMatch(/seed 1: goes on in epoch \d+/)
  expect(done.runIds).toHaveLength(1)
})

it('gives a submission to one of two workers, and to the other when the first is killed', async () => {
  const runs = temporaryFolder()
  const id = await submit(longSpec('taken-up-again'))
  const [a, b] = [work(runs), work(runs)]
  await until(id, hasTrained(1), [a, b])
  const taken = `${id}: taken\n`
  const [first, second] = a.output().includes(taken) ? [a, b] : [b, a]
  expect(second.output()).not.toContain(taken)
  first.child.kill('SIGKILL')
  await second.says(/: taken$/m)
  const done = await until(id, ({ submission }) => submission.state === 'finished', [a, b])
  expect(statesOf(done)).toEqual([
    'submitted',
    'approved',
    'queued',
    'running',
    'queued',
    'running',
    'finished',
  ])
  expect(done.history[4]).toMatchObject({ actor: 'queue', note: expect.stringContaining('was lost') })
  expect(logOf(done)).toMatch(/seed 1: goes on in epoch \d+/)
  const { rows } = await listRuns(store.db)
  expect(rows.filter(({ name }) => name === 'taken-up-again')).toHaveLength(1)
})

it('publishes nothing with a worker that was paused for so long that another has its submission', async () => {
  const id = await submit({ ...longSpec('paused'), seeds: [1, 2] })
  // Folders of their own, as on two machines: no lock of a file is between them.
  const first = work(temporaryFolder())
  await until(id, hasPublished(1), [first])
  await until(id, hasTrained(2), [first])
  first.child.kill('SIGSTOP')
  const second = work(temporaryFolder())
  const done = await until(id, ({ submission }) => submission.state === 'finished', [second])
  first.child.kill('SIGCONT')
  await first.says(/: taken away by another worker$/m)
  first.child.kill('SIGTERM')
  expect(await first.ended, first.output()).toBe(130)

  // The run that was published with the lease stays, the other one is the second worker's.
  expect(logOf(done).match(/^seed \d: (begins|published)/gm)).toEqual([
    'seed 1: begins',
    'seed 1: published',
    'seed 2: begins',
    'seed 2: begins',
    'seed 2: published',
  ])
  const after = await getSubmission(store.db, id, 1000)
  expect(after).toEqual(done)
  const { rows } = await listRuns(store.db)
  const published = rows.filter(({ name }) => name === 'paused')
  expect(published.map(({ seed }) => seed).sort()).toEqual([1, 2])
  expect(published.map((run) => run.id).sort()).toEqual([...done.runIds].sort())
  expect(new Set(published.map(({ entryId }) => entryId)).size).toBe(1)
})

it('stops what is cancelled within its epoch, says why another failed, and goes on behind a lock that a dead machine left', async () => {
  const runs = temporaryFolder()
  // An epoch of thousands of steps: whoever stops in time stops inside one.
  const { training } = tinySpec()
  const endless = tinySpec({
    name: 'cancelled',
    dataset: { ...tinySpec().dataset, subset: { perClass: 500, seed: 0 } },
    method: { name: 'joint' },
    training: { ...training, epochs: 1000, batchSize: 2 },
    seeds: [1],
  })
  const id = await submit(endless)
  const diverging = tinySpec({
    name: 'diverging',
    method: { name: 'joint' },
    training: {
      ...tinySpec().training,
      batchSize: 4,
      optimizer: { name: 'sgd', learningRate: 1000, weightDecay: 1 },
    },
  })
  const failing = await submit(diverging)
  const lockedSpec = longSpec('locked', 3)
  const locked = await submit(lockedSpec)
  mkdirSync(join(runs, locked))
  const lock = join(runs, locked, `${runFolderName(lockedSpec, 1)}.partial.lock`)
  writeFileSync(lock, JSON.stringify({ pid: 1, host: 'another.example', born: '1' }))
  utimesSync(lock, 1, 1)
  const worker = work(runs, '--once')
  const isInEpoch = ({ submission }: SubmissionDetail) =>
    submissionProgressSchema
      .nullable()
      .parse(submission.progress)
      ?.runs.some(({ step }) => step > 0) === true
  await until(id, isInEpoch, [worker])
  await cancelSubmission(store.db, localQueue, { id, actor: 'ada', note: 'wrong data' })
  expect(await worker.ended, worker.output()).toBe(0)
  const cancelled = await getSubmission(store.db, id, 1000)
  expect(cancelled.submission.state).toBe('cancelled')
  expect(cancelled.runIds).toEqual([])
  const [, step, steps] = /Stopped in epoch \d+, step (\d+) of (\d+)/.exec(logOf(cancelled)) ?? []
  expect(Number(steps)).toBe(2490)
  expect(Number(step)).toBeLessThan(Number(steps))
  const failed = await getSubmission(store.db, failing, 1000)
  expect(failed.submission).toMatchObject({
    state: 'failed',
    failure: expect.stringMatching(/became (NaN|-?Infinity) at step \d+/),
  })
  // What everybody may read names no folder of the machine.
  expect(`${logOf(failed)}${failed.submission.failure}${logOf(cancelled)}`).not.toContain(runs)
  const unlocked = await getSubmission(store.db, locked, 1000)
  expect(unlocked.submission.state).toBe('finished')
  expect(logOf(unlocked)).toContain('waiting to see whether it is alive')
})
