import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BenchError } from '@mate-bench/schema'
import {
  cancelSubmission,
  type Db,
  getSubmission,
  lockSubmission,
  openArtifacts,
  publishRun,
  queueApproved,
  requeueLost,
  setJob,
  submissions,
  trainingJobs,
  trainingJobsOf,
} from '@mate-bench/store'
import { openTestStore, syntheticRun, type TestStore, untilLockWaits } from '@mate-bench/store/testing'
import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { awsBatchLauncher } from './aws-batch-launcher.ts'
import { cancelRun } from './cancel-run.ts'
import { endCancelled } from './end-cancelled.ts'
import { batchTargetFromEnvironment } from './environment.ts'
import { launchWaiting } from './launch-waiting.ts'
import { launcherFromEnvironment } from './launcher-from-environment.ts'
import { reconcile } from './reconcile.ts'
import { approve } from './testing/approve.ts'
import { MemoryService } from './testing/memory-service.ts'

let store: TestStore
beforeAll(async () => {
  store = await openTestStore('vercel')
})
afterAll(async () => {
  await store?.close()
})
let service: MemoryService
beforeEach(async () => {
  await store.db.delete(submissions)
  service = new MemoryService()
})

let woken = 0
const launcher = awsBatchLauncher(async () => {
  woken++
})

const approved = async (seeds: number[], with_ = launcher) => (await approve(store.db, seeds, with_)).id

const context = (maximumActiveJobs = 10) => ({
  db: store.db,
  batch: service,
  target: { maximumActiveJobs, attemptSeconds: 7200, capacityWaitSeconds: 3600 },
  say: () => {},
})
const jobStates = async (id: string) => (await trainingJobsOf(store.db, id)).map(({ state }) => state)
const wishedSecondsAgo = async (id: string, seconds: number) =>
  await store.db
    .update(trainingJobs)
    .set({ cancelRequestedAt: sql`clock_timestamp() - make_interval(secs => ${seconds}::float8)` })
    .where(eq(trainingJobs.submissionId, id))
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
  it('submits a job after the runs that it learns from are published, and fails it where they never will be', async () => {
    const teacherRun = syntheticRun({ name: 'large' })
    const { spec, specDigest } = teacherRun.manifest
    const method = { name: 'kd', teacher: { specDigest, seed: 'same' } }
    const taught = { ...spec, name: 'small', method, teacherSpecs: [spec] }
    const student = { spec: taught, specDigest: `sha256:${'a'.repeat(64)}` }
    const learner = await approve(store.db, [1], launcher, student)
    const teacher = await approve(store.db, [1], launcher, teacherRun.manifest)
    expect(await launchWaiting(context())).toMatchObject({ submitted: 1 })
    expect([await jobStates(teacher.id), await jobStates(learner.id)]).toEqual([['submitted'], ['waiting']])

    const folder = mkdtempSync(join(tmpdir(), 'taught-'))
    await publishRun(store.db, await openArtifacts(folder), teacherRun, { tier: 'recomputed' })
    rmSync(folder, { recursive: true })
    expect(await launchWaiting(context())).toMatchObject({ submitted: 1 })
    expect(await jobStates(learner.id)).toEqual(['submitted'])

    const orphan = await approve(store.db, [2], launcher, student)
    expect(await launchWaiting(context())).toMatchObject({ submitted: 0 })
    expect(await trainingJobsOf(store.db, orphan.id)).toMatchObject([
      { state: 'failed', failure: expect.stringContaining('with seed 2 is not published') },
    ])
  })

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

  it('holds its lock no longer than a function lives, also where that dies', async () => {
    await approved([1])
    let inside: Db | undefined
    const db = new Proxy(store.db, {
      get: (target, name, receiver) =>
        name === 'transaction'
          ? async (act: (tx: Db) => Promise<unknown>) =>
              await target.transaction(async (tx) => {
                inside = tx
                return await act(tx)
              })
          : Reflect.get(target, name, receiver),
    })
    const limit = sql`show idle_in_transaction_session_timeout`
    const limits: unknown[] = []
    service.find = async () => {
      limits.push(...((await inside?.execute(limit))?.rows ?? []))
      return []
    }
    expect(await launchWaiting({ ...context(), db })).toMatchObject({ submitted: 1, problems: [] })
    expect(limits).toEqual([{ idle_in_transaction_session_timeout: '45s' }])
    expect((await store.db.execute(limit)).rows).not.toEqual(limits)
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

  it('leaves what cannot be submitted now for later, and fails what never can', async () => {
    const id = await approved([1])
    service.problem = new BenchError({ code: 'storage', message: 'Too many requests.' })
    expect((await launchWaiting(context())).problems).toEqual(['Too many requests.'])
    expect(await jobStates(id)).toEqual(['waiting'])
    service.problem = new BenchError({
      code: 'bad-input',
      message: 'AWS Batch refuses it: a tag of account 111111111111.',
    })
    await launchWaiting(context())
    const { submission } = await getSubmission(store.db, id)
    // What the service said is not for everybody to read.
    expect(submission).toMatchObject({
      state: 'failed',
      failure: expect.stringMatching(/^seed 1: AWS Batch refused the job\. The operator finds/),
    })
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
    // The container hears of it, and ends by itself.
    expect(await launchWaiting(context())).toMatchObject({ ended: 0 })
    expect(await jobStates(id)).toEqual(['running'])
    await wishedSecondsAgo(id, 50)
    expect(await reconcile(context())).toMatchObject({ ended: 0 })
    await wishedSecondsAgo(id, 70)
    // Nobody wakes the launch function for this.
    expect(await reconcile(context())).toMatchObject({ ended: 1 })
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

  it('counts a container’s time from the first wish, however often somebody asks', async () => {
    const id = await approved([1])
    await launchWaiting(context())
    const runId = (await trainingJobsOf(store.db, id))[0]?.runId ?? ''
    service.set('job-1', runId, 'RUNNING')
    await reconcile(context())
    await cancelRun(store.db, runId, 'grace')
    await wishedSecondsAgo(id, 70)
    await cancelRun(store.db, runId, 'grace')
    await cancelSubmission(store.db, launcher, { id, actor: 'grace' })
    expect(await endCancelled({ db: store.db, batch: service, say: () => {} })).toMatchObject({ ended: 1 })
  })

  it('goes on after one that cannot be ended now', async () => {
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
      await untilLockWaits(store.db)
      if (first) await setJob(tx, first, submission, { state: 'cancelled' })
    })
    expect(await launching).toMatchObject({ submitted: 1, problems: [] })
    expect([...service.jobs.values()].map(({ runId }) => runId)).not.toContain(first?.runId)
    expect(await jobStates(id)).toEqual(['cancelled', 'submitted'])
  })
})
