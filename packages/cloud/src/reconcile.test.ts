import { BenchError } from '@mate-bench/schema'
import {
  beginTrainingJob,
  getSubmission,
  reportTrainingJob,
  submissions,
  trainingJobs,
  trainingJobsOf,
} from '@mate-bench/store'
import { openTestStore, type TestStore } from '@mate-bench/store/testing'
import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { cancelRun } from './cancel-run.ts'
import { launchWaiting } from './launch-waiting.ts'
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

const approved = async (seeds: number[]) => (await approve(store.db, seeds)).id
const context = (maximumActiveJobs = 10) => ({
  db: store.db,
  batch: service,
  target: { maximumActiveJobs, attemptSeconds: 7200, capacityWaitSeconds: 3600 },
  say: () => {},
})
const jobStates = async (id: string) => (await trainingJobsOf(store.db, id)).map(({ state }) => state)
const stateOf = async (id: string) => (await getSubmission(store.db, id)).submission.state

describe('reconcile', () => {
  it('takes in what events did not bring, and submits what nobody was woken for', async () => {
    const first = await approved([1])
    await launchWaiting(context())
    const [job] = await trainingJobsOf(store.db, first)
    service.set('job-1', job?.runId ?? '', 'FAILED')
    const second = await approved([2])
    expect(await reconcile(context())).toMatchObject({ mended: 1, givenUp: 0, submitted: 1 })
    expect([await stateOf(first), await stateOf(second)]).toEqual(['failed', 'queued'])
    expect(await reconcile(context())).toMatchObject({ mended: 0, givenUp: 0, submitted: 0 })
  })

  it('gives up a job that the service has forgotten, after a while of silence', async () => {
    const id = await approved([1])
    await launchWaiting(context())
    service.jobs.clear()
    expect(await reconcile(context())).toMatchObject({ givenUp: 0 })
    await store.db
      .update(trainingJobs)
      .set({ updatedAt: sql`now() - interval '20 minutes'` })
      .where(eq(trainingJobs.submissionId, id))
    expect(await reconcile(context())).toMatchObject({ givenUp: 1 })
    expect((await getSubmission(store.db, id)).submission.failure).toContain('does not know this job')
  })

  const silentFor = async (id: string, hours: number) =>
    await store.db
      .update(trainingJobs)
      .set({ updatedAt: sql`now() - make_interval(secs => ${hours * 3600}::float8)` })
      .where(eq(trainingJobs.submissionId, id))

  it('gives a run back that somebody trained by hand and that nothing is heard of, and submits it', async () => {
    const id = await approved([1])
    const runId = (await trainingJobsOf(store.db, id))[0]?.runId ?? ''
    await beginTrainingJob(store.db, { runId, attempt: 1 })
    await silentFor(id, 0.2)
    expect(await reconcile(context())).toMatchObject({ givenUp: 0, submitted: 0 })
    await silentFor(id, 0.3)
    expect(await reconcile(context())).toMatchObject({ givenUp: 1, submitted: 1, problems: [] })
    const { history, log } = await getSubmission(store.db, id)
    expect(history.map(({ toState }) => toState).slice(-2)).toEqual(['running', 'queued'])
    expect(history.at(-1)?.note).toMatch(/by hand was not heard of any more/)
    expect(log.at(-1)?.line).toMatch(/^seed 1: .*by hand/)
    expect(await jobStates(id)).toEqual(['submitted'])
    // Should it still be there, it hears that the run is another's.
    expect(await reportTrainingJob(store.db, { runId, attempt: 1 })).toBe('over')
  })

  it('ends a run that was trained by hand, is not heard of and was cancelled', async () => {
    const id = await approved([1])
    const runId = (await trainingJobsOf(store.db, id))[0]?.runId ?? ''
    await beginTrainingJob(store.db, { runId, attempt: 1 })
    await cancelRun(store.db, runId, 'grace')
    await silentFor(id, 0.3)
    expect(await reconcile(context())).toMatchObject({ givenUp: 1, submitted: 0 })
    expect(await stateOf(id)).toBe('cancelled')
  })

  it('ends what waits for a machine much longer than the queue lets it, and says so', async () => {
    const id = await approved([1])
    await launchWaiting(context(1))
    const next = await approved([2])
    await silentFor(id, 3.9)
    expect(await reconcile(context(1))).toMatchObject({ givenUp: 0, submitted: 0 })
    await silentFor(id, 4.1)
    expect(await reconcile(context(1))).toMatchObject({ givenUp: 1, submitted: 1 })
    expect(service.ended).toEqual(['job-1'])
    expect((await getSubmission(store.db, id)).submission.failure).toBe(
      'seed 1: It found no machine within 14400 s.',
    )
    expect(await jobStates(next)).toEqual(['submitted'])
  })

  it('ends what is said to run, and was silent for longer than an attempt may take', async () => {
    const id = await approved([1])
    await launchWaiting(context())
    const [job] = await trainingJobsOf(store.db, id)
    service.set('job-1', job?.runId ?? '', 'RUNNING')
    await reconcile(context())
    await silentFor(id, 2.1)
    expect(await reconcile(context())).toMatchObject({ givenUp: 0 })
    await silentFor(id, 2.3)
    expect(await reconcile(context())).toMatchObject({ givenUp: 1 })
    expect(service.ended).toEqual(['job-1'])
    expect((await getSubmission(store.db, id)).submission.failure).toContain(
      'silent for longer than the 7200 s',
    )
  })

  it('gives nothing up where the service cannot be asked', async () => {
    const id = await approved([1])
    await launchWaiting(context())
    await silentFor(id, 100)
    service.describe = () => Promise.reject(new BenchError({ code: 'storage', message: 'No answer.' }))
    expect(await reconcile(context())).toMatchObject({ givenUp: 0, problems: ['No answer.'] })
    expect(await jobStates(id)).toEqual(['submitted'])
  })
})
