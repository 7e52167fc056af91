import {
  beginTrainingJob,
  cancelSubmission,
  endTrainingJob,
  getSubmission,
  loadTrainingJob,
  observeTrainingJob,
  setJob,
  submissions,
  trainingJobs,
} from '@mate-bench/store'
import { openTestStore, type TestStore } from '@mate-bench/store/testing'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { awsBatchLauncher } from './aws-batch-launcher.ts'
import { retryRun } from './retry-run.ts'
import { approve } from './testing/approve.ts'

let store: TestStore
beforeAll(async () => {
  store = await openTestStore()
})
afterAll(async () => {
  await store?.close()
})
beforeEach(async () => {
  await store.db.delete(submissions)
})

const jobOf = async (runId: string) => (await loadTrainingJob(store.db, runId)).job
const failed = { state: 'failed', failure: 'no GPU' } as const

/** A run that the service has, under this id. */
async function submitted(runId: string, batchJobId: string): Promise<void> {
  await store.db.transaction(async (tx) => {
    const { job, submission } = await loadTrainingJob(tx, runId)
    await setJob(tx, job, submission, {
      state: 'submitted',
      attempt: 1,
      batchJobId,
      batchStatus: 'SUBMITTED',
    })
  })
}

it('a run that failed waits again, its submission is queued, and its history says who asked', async () => {
  const { id, runIds } = await approve(store.db, [7])
  const [runId = ''] = runIds
  await submitted(runId, 'job-1')
  const first = { runId, batchJobId: 'job-1', attempt: 3 }
  await beginTrainingJob(store.db, first)
  await endTrainingJob(store.db, first, failed)
  expect((await getSubmission(store.db, id)).submission.state).toBe('failed')

  await retryRun(store.db, runId, 'operator ada')
  const { submission, history } = await getSubmission(store.db, id)
  expect(submission).toMatchObject({ state: 'queued', failure: null })
  expect(history.at(-1)).toMatchObject({
    fromState: 'failed',
    toState: 'queued',
    actor: 'operator ada',
    note: 'Seed 7 is to be trained again.',
  })
  expect(await jobOf(runId)).toMatchObject({ state: 'waiting', failure: null, finishedAt: null })

  // What comes late of the job that failed is not meant for the next.
  const late = { ...first, status: 'FAILED' as const, reason: 'late' }
  expect(await observeTrainingJob(store.db, late)).toBe(false)
  expect(await beginTrainingJob(store.db, first)).toBe('over')
  await submitted(runId, 'job-2')
  expect(await observeTrainingJob(store.db, late)).toBe(false)
  expect(await beginTrainingJob(store.db, { runId, batchJobId: 'job-2', attempt: 1 })).toBe('go on')
})

it('a run that failed among others that train or are done leaves those as they are', async () => {
  const { id, runIds } = await approve(store.db, [1, 2])
  const [first = '', second = ''] = runIds
  for (const [at, runId] of runIds.entries()) {
    await submitted(runId, `job-${at}`)
    await beginTrainingJob(store.db, { runId, batchJobId: `job-${at}`, attempt: 1 })
  }
  const states = async () => (await getSubmission(store.db, id)).history.map(({ toState }) => toState)
  await endTrainingJob(store.db, { runId: first, batchJobId: 'job-0', attempt: 1 }, failed)
  await retryRun(store.db, first, 'operator ada')
  expect((await states()).at(-1)).toBe('running')
  expect((await jobOf(second)).state).toBe('running')

  await endTrainingJob(store.db, { runId: second, batchJobId: 'job-1', attempt: 1 }, { state: 'succeeded' })
  await submitted(first, 'job-2')
  await endTrainingJob(store.db, { runId: first, batchJobId: 'job-2', attempt: 1 }, failed)
  expect((await states()).at(-1)).toBe('failed')
  await retryRun(store.db, first, 'operator ada')
  expect((await states()).slice(-3)).toEqual(['failed', 'queued', 'running'])
})

it('only a run that failed is trained again, and not while its submission is being stopped', async () => {
  const { id, runIds } = await approve(store.db, [1, 2])
  const [first = '', second = ''] = runIds
  await expect(retryRun(store.db, first, 'ada')).rejects.toMatchObject({ code: 'conflict' })
  for (const [at, runId] of runIds.entries()) {
    await submitted(runId, `job-${at}`)
    await beginTrainingJob(store.db, { runId, batchJobId: `job-${at}`, attempt: 1 })
  }
  await endTrainingJob(store.db, { runId: first, batchJobId: 'job-0', attempt: 1 }, failed)
  const launcher = awsBatchLauncher(async () => {})
  await cancelSubmission(store.db, launcher, { id, actor: 'ada' })
  await expect(retryRun(store.db, first, 'ada')).rejects.toMatchObject({
    message: `The submission ${id} was asked to stop.`,
  })
  await endTrainingJob(store.db, { runId: second, batchJobId: 'job-1', attempt: 1 }, { state: 'cancelled' })
  await retryRun(store.db, first, 'ada')
  expect((await getSubmission(store.db, id)).submission).toMatchObject({
    state: 'queued',
    cancelRequestedAt: null,
  })
  expect(await store.db.$count(trainingJobs, eq(trainingJobs.state, 'waiting'))).toBe(1)
})
