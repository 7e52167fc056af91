import { setTimeout as sleep } from 'node:timers/promises'
import { BenchError } from '@mate-bench/schema'
import {
  approveSubmission,
  type BatchStatus,
  batchEvents,
  cancelSubmission,
  createSubmission,
  createToken,
  getSubmission,
  lockSubmission,
  queueApproved,
  requeueLost,
  setJob,
  submissions,
  trainingJobs,
  trainingJobsOf,
} from '@mate-bench/store'
import { openTestStore, syntheticRun, type TestStore } from '@mate-bench/store/testing'
import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { awsBatchLauncher } from './aws-batch-launcher.ts'
import { applyBatchEvent, sweepBatchEvents } from './batch-event.ts'
import type { BatchService, ServiceJob } from './batch-service.ts'
import { cancelRun } from './cancel-run.ts'
import { endCancelled } from './end-cancelled.ts'
import { batchTargetFromEnvironment } from './environment.ts'
import { launchWaiting } from './launch-waiting.ts'
import { launcherFromEnvironment } from './launcher-from-environment.ts'
import { reconcile } from './reconcile.ts'

let store: TestStore
let tokenId: string
beforeAll(async () => {
  store = await openTestStore('vercel')
  const expiresAt = new Date('2100-01-01')
  tokenId = (await createToken(store.db, { name: 'test', owner: 'ada', scopes: ['submit'], expiresAt })).id
})
afterAll(async () => {
  await store?.close()
})
let service: MemoryService
beforeEach(async () => {
  await store.db.delete(submissions)
  service = new MemoryService()
})

/** AWS Batch as far as these functions see it; its protocol is tested beside the fake that speaks it. */
class MemoryService implements BatchService {
  readonly jobs = new Map<string, ServiceJob>()
  readonly ended: string[] = []
  problem: Error | undefined
  /** Called after a job was taken and before the answer is given. */
  afterSubmit: () => void = () => {}
  #next = 0

  async submit(runId: string): Promise<string> {
    if (this.problem) throw this.problem
    const batchJobId = `job-${++this.#next}`
    this.set(batchJobId, runId, 'SUBMITTED')
    this.afterSubmit()
    return batchJobId
  }
  async describe(ids: readonly string[]): Promise<ServiceJob[]> {
    return ids.flatMap((id) => this.jobs.get(id) ?? [])
  }
  async find(runId: string): Promise<ServiceJob[]> {
    return [...this.jobs.values()].filter((job) => job.runId === runId)
  }
  async terminate(id: string): Promise<void> {
    this.ended.push(id)
    const job = this.jobs.get(id)
    if (job) this.set(id, job.runId, 'FAILED')
  }
  set(batchJobId: string, runId: string, status: BatchStatus, attempt = 1): void {
    this.jobs.set(batchJobId, { batchJobId, runId, status, attempt, reason: undefined, logStream: undefined })
  }
}

let woken = 0
const launcher = awsBatchLauncher(async () => {
  woken++
})

async function approved(seeds: number[], with_ = launcher): Promise<string> {
  const { spec, specDigest } = syntheticRun().manifest
  const values = { spec: { ...spec, seeds }, specDigest, totalMacs: 1, tokenId, submitter: 'ada' }
  const { id } = await createSubmission(store.db, values)
  await approveSubmission(store.db, with_, { id, actor: 'grace' })
  return id
}

const context = (maximumActiveJobs = 10) => ({
  db: store.db,
  batch: service,
  target: { maximumActiveJobs },
  say: () => {},
})
const jobStates = async (id: string) => (await trainingJobsOf(store.db, id)).map(({ state }) => state)
const stateOf = async (id: string) => (await getSubmission(store.db, id)).submission.state

describe('the launcher', () => {
  it('queues a job a seed with the approval, and wakes the launch function after it', async () => {
    woken = 0
    const id = await approved([1, 2, 4_000_000_000])
    expect(await stateOf(id)).toBe('queued')
    const jobs = await trainingJobsOf(store.db, id)
    expect(jobs.map(({ seed, state }) => [seed, state])).toEqual([
      [1, 'waiting'],
      [2, 'waiting'],
      [4_000_000_000, 'waiting'],
    ])
    for (const { runId } of jobs) expect(runId).toMatch(/^run_[0-9a-f]{20}$/)
    expect(woken).toBe(1)
  })

  it('stands by the approval where nobody can be woken', async () => {
    const deaf = awsBatchLauncher(() => Promise.reject(new Error('no queue')))
    expect(await stateOf(await approved([1], deaf))).toBe('queued')
  })

  it('keeps what it has from the workers of the local queue', async () => {
    const id = await approved([1])
    await store.db.execute(
      sql`update submissions set state = 'running', updated_at = now() - interval '1 day' where id = ${id}`,
    )
    expect(await requeueLost(store.db, 30)).toEqual([])
    expect(await queueApproved(store.db)).toEqual([])
  })

  it('tells the place in the queue', async () => {
    const ids = [await approved([1]), await approved([1])]
    const places = await Promise.all(
      ids.map(
        async (id) =>
          (await launcher.status(store.db, (await getSubmission(store.db, id)).submission)).position,
      ),
    )
    expect(places).toEqual([0, 1])
  })

  it('is chosen by the environment', () => {
    expect(launcherFromEnvironment({}).name).toBe('local')
    const batch = { MATE_BENCH_LAUNCHER: 'aws-batch' }
    expect(launcherFromEnvironment({ ...batch, MATE_BENCH_LAUNCH_QUEUE_URL: 'https://q' }).name).toBe(
      'aws-batch',
    )
    expect(() => launcherFromEnvironment(batch)).toThrow(BenchError)
    expect(() => launcherFromEnvironment({ MATE_BENCH_LAUNCHER: 'slurm' })).toThrow('no launcher "slurm"')
  })

  it('names each variable that is missing', () => {
    try {
      batchTargetFromEnvironment({ MATE_BENCH_BATCH_QUEUE: 'gpu' })
      expect.unreachable()
    } catch (thrown) {
      expect((thrown as BenchError).problems.map(({ path }) => path)).toEqual([
        'MATE_BENCH_BATCH_QUEUE',
        'MATE_BENCH_BATCH_JOB_DEFINITION',
      ])
    }
  })
})

describe('launchWaiting', () => {
  it('submits what waits, oldest first, up to the limit, also where several run at once', async () => {
    const ids = [await approved([1, 2]), await approved([3])]
    await Promise.all([1, 2, 3].map(() => launchWaiting(context(2))))
    expect(await Promise.all(ids.map(jobStates))).toEqual([['submitted', 'submitted'], ['waiting']])
    expect(service.jobs.size).toBe(2)
    await launchWaiting(context(3))
    expect(service.jobs.size).toBe(3)
    await launchWaiting(context(3))
    expect(service.jobs.size).toBe(3)
  })

  it('finds again what a function submitted before it died', async () => {
    const id = await approved([1])
    service.afterSubmit = () => {
      throw new BenchError({ code: 'storage', message: 'The function died.' })
    }
    expect((await launchWaiting(context())).problems).toEqual(['The function died.'])
    expect(await jobStates(id)).toEqual(['waiting'])
    service.afterSubmit = () => {}
    await launchWaiting(context())
    expect(service.jobs.size).toBe(1)
    expect((await trainingJobsOf(store.db, id))[0]?.batchJobId).toBe('job-1')
  })

  it('leaves what can not be submitted now for later, and fails what never can', async () => {
    const id = await approved([1])
    service.problem = new BenchError({ code: 'storage', message: 'Too many requests.' })
    expect((await launchWaiting(context())).problems).toEqual(['Too many requests.'])
    expect(await jobStates(id)).toEqual(['waiting'])
    service.problem = new BenchError({ code: 'bad-input', message: 'AWS Batch refused it: no such queue.' })
    await launchWaiting(context())
    const { submission } = await getSubmission(store.db, id)
    expect(submission).toMatchObject({ state: 'failed', failure: expect.stringContaining('no such queue') })
  })

  it('cancels what waits at once, and ends what the service has', async () => {
    const waiting = await approved([1, 2])
    await cancelSubmission(store.db, launcher, { id: waiting, actor: 'ada' })
    expect(await jobStates(waiting)).toEqual(['cancelled', 'cancelled'])
    const there = await approved([3])
    await launchWaiting(context())
    await cancelSubmission(store.db, launcher, { id: there, actor: 'ada' })
    expect(await stateOf(there)).toBe('cancelled')
    expect((await launchWaiting(context())).ended).toBe(1)
    expect(service.ended).toEqual(['job-1'])
    expect(await jobStates(there)).toEqual(['cancelled'])
  })

  it('ends a submission that trains when somebody asks', async () => {
    const id = await approved([1])
    await launchWaiting(context())
    const [job] = await trainingJobsOf(store.db, id)
    service.set('job-1', job?.runId ?? '', 'RUNNING')
    await reconcile(context())
    expect(await stateOf(id)).toBe('running')
    await cancelSubmission(store.db, launcher, { id, actor: 'ada' })
    await launchWaiting(context())
    expect(service.ended).toEqual(['job-1'])
    expect(await stateOf(id)).toBe('cancelled')
  })
})

describe('endCancelled', () => {
  it('ends what was cancelled, and submits nothing of what waits', async () => {
    const there = await approved([1, 2])
    await launchWaiting(context())
    const waiting = await approved([3])
    const [first] = await trainingJobsOf(store.db, there)
    expect(await cancelRun(store.db, first?.runId ?? '', 'grace')).toBe('asked')
    expect(await endCancelled({ db: store.db, batch: service, say: () => {} })).toEqual({
      ended: 1,
      problems: [],
    })
    expect(service.ended).toEqual(['job-1'])
    expect(await jobStates(there)).toEqual(['cancelled', 'submitted'])
    expect(await jobStates(waiting)).toEqual(['waiting'])
    expect(service.jobs.size).toBe(2)
  })

  it('goes on after one that can not be ended now', async () => {
    const id = await approved([1, 2])
    await launchWaiting(context())
    await cancelSubmission(store.db, launcher, { id, actor: 'ada' })
    const terminate = service.terminate.bind(service)
    service.terminate = async (job) => {
      if (job === 'job-1') throw new BenchError({ code: 'storage', message: 'Too many requests.' })
      await terminate(job)
    }
    const wanted = { db: store.db, batch: service, say: () => {} }
    expect(await endCancelled(wanted)).toEqual({ ended: 1, problems: ['Too many requests.'] })
    service.terminate = terminate
    expect(await endCancelled(wanted)).toEqual({ ended: 1, problems: [] })
    expect(await jobStates(id)).toEqual(['cancelled', 'cancelled'])
  })
})

describe('a run that is cancelled while it is about to be submitted', () => {
  it('is not submitted', async () => {
    const id = await approved([1, 2])
    const [first] = await trainingJobsOf(store.db, id)
    let launching: ReturnType<typeof launchWaiting> | undefined
    await store.db.transaction(async (tx) => {
      const submission = await lockSubmission(tx, id)
      launching = launchWaiting(context())
      await untilSomebodyWaits()
      if (first) await setJob(tx, first, submission, { state: 'cancelled' })
    })
    expect(await launching).toMatchObject({ submitted: 1, problems: [] })
    expect([...service.jobs.values()].map(({ runId }) => runId)).not.toContain(first?.runId)
    expect(await jobStates(id)).toEqual(['cancelled', 'submitted'])
  })

  /** For a row that is locked: the launcher, in this database. */
  async function untilSomebodyWaits(): Promise<void> {
    const waiting = sql`select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`
    while ((await store.db.execute(waiting)).rows.length === 0) await sleep(20)
  }
})

describe('reconcile', () => {
  it('takes in what events did not bring, and submits what nobody was woken for', async () => {
    const first = await approved([1])
    await launchWaiting(context())
    const [job] = await trainingJobsOf(store.db, first)
    service.set('job-1', job?.runId ?? '', 'FAILED')
    const second = await approved([2])
    expect(await reconcile(context())).toMatchObject({ mended: 1, lost: 0, submitted: 1 })
    expect([await stateOf(first), await stateOf(second)]).toEqual(['failed', 'queued'])
    expect(await reconcile(context())).toMatchObject({ mended: 0, lost: 0, submitted: 0 })
  })

  it('gives up a job that the service has forgotten, after a while of silence', async () => {
    const id = await approved([1])
    await launchWaiting(context())
    service.jobs.clear()
    expect(await reconcile(context())).toMatchObject({ lost: 0 })
    await store.db
      .update(trainingJobs)
      .set({ updatedAt: sql`now() - interval '20 minutes'` })
      .where(eq(trainingJobs.submissionId, id))
    expect(await reconcile(context())).toMatchObject({ lost: 1 })
    expect((await getSubmission(store.db, id)).submission.failure).toContain('does not know this job')
  })
})

describe('applyBatchEvent', () => {
  const event = (id: string, runId: string, detail: object = {}) => ({
    version: '0',
    id,
    source: 'aws.batch',
    'detail-type': 'Batch Job State Change',
    detail: { jobId: 'job-1', jobName: runId, status: 'RUNNING', attempts: [], somethingNew: 1, ...detail },
  })

  it('takes an event in once', async () => {
    const id = await approved([1])
    await launchWaiting(context())
    const runId = (await trainingJobsOf(store.db, id))[0]?.runId ?? ''
    const outcomes = await Promise.all(
      [1, 2, 3].map(() =>
        applyBatchEvent(store.db, event('event-1', runId, { container: { logStreamName: 'a/b' } })),
      ),
    )
    expect(outcomes.sort()).toEqual(['applied', 'delivered before', 'delivered before'])
    expect((await trainingJobsOf(store.db, id))[0]).toMatchObject({
      state: 'running',
      attempt: 1,
      logStream: 'a/b',
    })
    expect(await applyBatchEvent(store.db, event('event-2', runId, { status: 'RUNNABLE' }))).toBe(
      'nothing new',
    )
    const retry = { status: 'RUNNABLE', attempts: [{}], statusReason: 'Host EC2 terminated.' }
    expect(await applyBatchEvent(store.db, event('event-3', runId, retry))).toBe('applied')
    expect(await jobStates(id)).toEqual(['submitted'])
  })

  it('leaves alone what is not ours, and refuses what is no event', async () => {
    expect(await applyBatchEvent(store.db, event('event-4', 'somebody-elses'))).toBe('not ours')
    expect(await applyBatchEvent(store.db, event('event-5', 'run_00000000000000000000'))).toBe('not ours')
    for (const wrong of [null, {}, { ...event('e', 'x'), source: 'aws.s3' }, event('e', 'x', { jobId: 7 })]) {
      await expect(applyBatchEvent(store.db, wrong)).rejects.toMatchObject({ code: 'bad-input' })
    }
  })

  it('forgets ids after a fortnight', async () => {
    await store.db.insert(batchEvents).values({ id: 'old', receivedAt: new Date('2020-01-01') })
    await sweepBatchEvents(store.db)
    expect(await store.db.$count(batchEvents, eq(batchEvents.id, 'old'))).toBe(0)
  })
})
