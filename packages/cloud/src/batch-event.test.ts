import { batchEvents, submissions, trainingJobsOf } from '@mate-bench/store'
import { openTestStore, type TestStore } from '@mate-bench/store/testing'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { applyBatchEvent, sweepBatchEvents } from './batch-event.ts'
import { launchWaiting } from './launch-waiting.ts'
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
