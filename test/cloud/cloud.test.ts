import { execFile as execFileOf } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { cloudVariables, launcherFromEnvironment } from '@mate-bench/cloud'
import { digestSpec, type Spec } from '@mate-bench/harness'
import {
  approveSubmission,
  batchEvents,
  createSubmission,
  createToken,
  findRun,
  getSubmission,
  type SubmissionDetail,
  trainingJobsOf,
} from '@mate-bench/store'
import { openTestStore, type TestStore } from '@mate-bench/store/testing'
import { inArray } from 'drizzle-orm'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { type Cloud, startCloud } from '../support/cloud.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { tinySpec } from '../support/tiny-spec.ts'

// Processes that train: slow where a machine has much else to do.
vi.setConfig({ testTimeout: 180_000 })

let store: TestStore
let cloud: Cloud
let tokenId: string
/** What the functions would have in their logs. */
const said: string[] = []
beforeAll(async () => {
  for (const name of ['log', 'error'] as const) {
    vi.spyOn(console, name).mockImplementation((line) => said.push(String(line)))
  }
  store = await openTestStore('vercel')
  const expiresAt = new Date('2100-01-01')
  tokenId = (await createToken(store.db, { name: 'test', owner: 'ada', scopes: ['submit'], expiresAt })).id
  cloud = await startCloud(store.url)
})
afterAll(async () => {
  await cloud?.close()
  await store?.close()
  vi.restoreAllMocks()
})

it('trains an approved spec as jobs, through the loss of a machine, and publishes both seeds', async () => {
  const { training } = tinySpec()
  const spec = tinySpec({ name: 'in-the-cloud', training: { ...training, epochs: 12 }, seeds: [1, 2] })
  const id = await submitted(spec)
  await approveSubmission(store.db, launcherFromEnvironment(), { id, actor: 'grace' })

  // The first job is taken away once it has a checkpoint elsewhere.
  const reclaimed = await until(async () => {
    const [first] = await trainingJobsOf(store.db, id)
    if (!first?.batchJobId) return undefined
    const keys = await cloud.keys(`checkpoints/${first.runId}/checkpoint.json`)
    return keys.length === 0 ? undefined : { runId: first.runId, batchJobId: first.batchJobId }
  })
  cloud.batch.reclaim(reclaimed.batchJobId)

  const finished = await until(async () => {
    const detail = await getSubmission(store.db, id, 1000)
    if (cloud.log().includes('pump:')) throw new Error(cloud.log())
    return ['finished', 'failed', 'cancelled'].includes(detail.submission.state) ? detail : undefined
  })
  expect(finished.submission.state, cloud.log()).toBe('finished')
  expect(statesOf(finished)).toEqual(['submitted', 'approved', 'queued', 'running', 'finished'])
  expect(finished.submission.progress).toMatchObject({
    done: 1,
    runs: [
      { seed: 1, state: 'published' },
      { seed: 2, state: 'published' },
    ],
  })

  // One job a seed, no more, and the one that lost its machine was tried again.
  const jobs = await trainingJobsOf(store.db, id)
  expect(jobs.map(({ seed, state, attempt }) => ({ seed, state, attempt }))).toEqual([
    { seed: 1, state: 'succeeded', attempt: 2 },
    { seed: 2, state: 'succeeded', attempt: 1 },
  ])
  expect(cloud.batch.jobIds).toHaveLength(2)
  const resumed = (await findRun(store.db, reclaimed.runId))?.manifest
  expect(resumed?.timing.resumptions).toBe(1)
  expect(finished.runIds).toEqual(jobs.map(({ runId }) => runId).sort())

  // Files are in the bucket under their digests, and no checkpoint is left.
  const kept = new Set(await cloud.keys('artifacts/'))
  for (const { sha256 } of resumed?.artifacts ?? []) {
    expect(kept).toContain(`artifacts/sha256/${sha256.slice(0, 2)}/${sha256}`)
  }
  expect(await cloud.keys('checkpoints/')).toEqual([])
  // The machine that was taken away saved in time, and asked for another try.
  const ends = cloud.events.flatMap(({ detail }) => attemptsSchema.parse(detail).attempts)
  expect(ends.at(0)?.container.exitCode).toBe(75)

  // Events arrived, shuffled and twice: only they say where a container writes, and each was taken in once. The end of
  // a job is told after it has published, and changes nothing.
  await until(async () => {
    const ids = cloud.events.map(({ id: event }) => event)
    const taken = await store.db.$count(batchEvents, inArray(batchEvents.id, ids))
    return taken === ids.length && outcomes('delivered before') >= ids.length ? true : undefined
  })
  for (const { batchJobId, attempt, logStream } of await trainingJobsOf(store.db, id)) {
    expect(logStream).toBe(`trainer/default/${batchJobId}-${attempt}`)
  }
  expect(outcomes('applied')).toBeGreaterThanOrEqual(3)
  expect([...said, cloud.log()].join('\n')).not.toMatch(/function: |cannot be|is no /)
  expect(statesOf(await getSubmission(store.db, id))).toEqual(statesOf(finished))
})

it('shows the operator what runs, and ends it', async () => {
  const { training } = tinySpec()
  const id = await submitted(
    tinySpec({ name: 'cancelled', training: { ...training, epochs: 500 }, seeds: [1] }),
  )
  await approveSubmission(store.db, launcherFromEnvironment(), { id, actor: 'grace' })
  await until(async () => {
    const { log } = await getSubmission(store.db, id, 1000)
    return log.some(({ line }) => line.includes('epoch 2')) ? true : undefined
  })
  const status = await operator('cloud', 'status', id, '--json')
  expect(JSON.parse(status.stdout).jobs).toEqual([
    expect.objectContaining({ submissionId: id, seed: 1, state: 'running', attempt: 1 }),
  ])
  const cancelled = await operator('cloud', 'cancel', id)
  expect(cancelled.stdout).toBe(`${id}: asked to stop\n`)
  // The container hears of it, and is not ended from outside.
  expect(cancelled.stderr).toBe('')
  const ended = await until(async () => {
    const detail = await getSubmission(store.db, id, 1000)
    return detail.submission.state === 'cancelled' ? detail : undefined
  })
  expect(ended.history.at(-1)).toMatchObject({ toState: 'cancelled', actor: 'aws-batch' })
  expect(statesOf(ended)).toEqual(['submitted', 'approved', 'queued', 'running', 'cancelled'])
  const [job] = await trainingJobsOf(store.db, id)
  expect(job).toMatchObject({ state: 'cancelled' })
  expect(await cloud.keys(`checkpoints/${job?.runId}/`)).toEqual([])
  await until(async () => (endOf(job?.batchJobId ?? '')?.status === 'SUCCEEDED' ? true : undefined))
  await expect(operator('cloud', 'cancel', id)).rejects.toMatchObject({
    stderr: expect.stringContaining('is cancelled and cannot become cancelled'),
  })
})

it('fails at once where there is no GPU, and says so', async () => {
  // The container below is the only one: Batch has no machine for it.
  cloud.batch.hasMachines = false
  const id = await submitted(tinySpec({ name: 'no-gpu', seeds: [1] }))
  await approveSubmission(store.db, launcherFromEnvironment(), { id, actor: 'grace' })
  const [job] = await until(async () => {
    const jobs = await trainingJobsOf(store.db, id)
    return jobs[0]?.batchJobId ? jobs : undefined
  })
  // The same container without the word that allows the CPU.
  const { MATE_BENCH_TRAINER_BACKEND: _, ...environment } = { ...process.env }
  const trainer = fileURLToPath(new URL('../../functions/trainer/bin/trainer.js', import.meta.url))
  const run = execFile(process.execPath, [trainer, '--run', job?.runId ?? ''], {
    env: {
      ...environment,
      AWS_BATCH_JOB_ID: job?.batchJobId ?? '',
      AWS_BATCH_JOB_ATTEMPT: '1',
      MATE_BENCH_TRAINER_WORK: temporaryFolder(),
    },
  })
  await expect(run).rejects.toMatchObject({ code: 69 })
  const { submission } = await getSubmission(store.db, id)
  expect(submission).toMatchObject({ state: 'failed', failure: expect.stringContaining('tensorflow-gpu') })
})

async function submitted(spec: Spec): Promise<string> {
  const { id } = await createSubmission(store.db, {
    spec,
    specDigest: digestSpec(spec),
    totalMacs: 1,
    tokenId,
    submitter: 'ada',
  })
  return id
}

const execFile = promisify(execFileOf)

/** The command line, with what an operator of the deployment has set: not what the functions are told. */
async function operator(...args: string[]): Promise<{ stdout: string; stderr: string }> {
  const program = fileURLToPath(new URL('../../apps/cli/bin/mate-bench.js', import.meta.url))
  const env = { ...process.env }
  for (const name of Object.values(cloudVariables)) delete env[name]
  return await execFile(process.execPath, [program, ...args], { env })
}

/** The last that was told of a job. */
const endOf = (batchJobId: string) =>
  cloud.events.findLast(({ detail }) => detail.jobId === batchJobId)?.detail

const attemptsSchema = z.looseObject({
  attempts: z.array(z.looseObject({ container: z.looseObject({ exitCode: z.number() }) })),
})

/** How many messages the function behind the events' queue says to have handled so. */
const outcomes = (outcome: string) => said.filter((line) => line.endsWith(`: ${outcome}`)).length

const statesOf = ({ history }: SubmissionDetail) =>
  history.map(({ toState }) => toState).filter((state, at, all) => state !== all[at - 1])

async function until<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (let tries = 0; tries < 900; tries++) {
    const found = await look()
    if (found !== undefined) return found
    await sleep(100)
  }
  throw new Error(`It never came to that:\n${[...said, cloud.log()].join('\n')}`)
}
