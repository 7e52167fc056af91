import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createToken } from '../queries/api-tokens.ts'
import { createSubmission, getSubmission } from '../queries/submissions.ts'
import { submissions, type TrainingJobState, trainingJobStates, trainingJobs } from '../schema/index.ts'
import { syntheticRun } from '../testing/synthetic-run.ts'
import { openTestStore, type TestStore, testDrivers } from '../testing/test-store.ts'
import { changeState, isFinal, lockSubmission } from './submission-states.ts'
import {
  type BatchStatus,
  batchStatuses,
  isFinalJob,
  isNewer,
  submissionStateOf,
} from './training-job-states.ts'
import {
  beginTrainingJob,
  endTrainingJob,
  loadTrainingJob,
  observeTrainingJob,
  reportTrainingJob,
  trainingJobsOf,
} from './training-jobs.ts'

const runIdOf = (seed: number) => `run_${String(seed).padStart(20, '0')}`

describe('submissionStateOf', () => {
  const someStates = fc.array(fc.constantFrom(...trainingJobStates), { minLength: 1, maxLength: 5 })

  it.each<[TrainingJobState[], string]>([
    [['waiting', 'submitted'], 'queued'],
    [['waiting', 'running'], 'running'],
    [['succeeded', 'waiting'], 'running'],
    [['succeeded', 'succeeded'], 'finished'],
    [['succeeded', 'failed', 'cancelled'], 'failed'],
    [['succeeded', 'cancelled'], 'cancelled'],
  ])('of %j is %s', (jobs, expected) => {
    expect(submissionStateOf(jobs)).toBe(expected)
  })

  it('is final when, and only when, all jobs are', () => {
    fc.assert(
      fc.property(someStates, (jobs) => {
        expect(isFinal(submissionStateOf(jobs))).toBe(jobs.every(isFinalJob))
      }),
    )
  })
})

describe('isNewer', () => {
  const position = fc.record({
    attempt: fc.integer({ min: 0, max: 3 }),
    status: fc.constantFrom(null, ...batchStatuses),
  })

  it('is an order: nothing is newer than itself, and not both ways', () => {
    fc.assert(
      fc.property(position, position, position, (a, b, c) => {
        expect(isNewer(a, a)).toBe(false)
        if (isNewer(a, b)) expect(isNewer(b, a)).toBe(false)
        if (isNewer(a, b) && isNewer(b, c)) expect(isNewer(a, c)).toBe(true)
      }),
    )
  })
})

describe.each(testDrivers)('through %s', (driver) => {
  let store: TestStore
  let tokenId: string
  beforeAll(async () => {
    store = await openTestStore(driver)
    const expiresAt = new Date('2100-01-01')
    tokenId = (await createToken(store.db, { name: 'test', owner: 'ada', scopes: ['submit'], expiresAt })).id
  })
  afterAll(async () => {
    await store?.close()
  })
  beforeEach(async () => {
    await store.db.delete(submissions)
  })

  /** A submission in the cloud's queue, with jobs that the service has. */
  async function queued(...seeds: number[]): Promise<string> {
    const { spec, specDigest } = syntheticRun().manifest
    const values = { spec, specDigest, totalMacs: 1, tokenId, submitter: 'ada' }
    const { id } = await createSubmission(store.db, values)
    await store.db.transaction(async (tx) => {
      const approved = await changeState(tx, await lockSubmission(tx, id), { to: 'approved', actor: 'grace' })
      await changeState(tx, approved, { to: 'queued', actor: 'grace' })
      await tx.insert(trainingJobs).values(
        seeds.map((seed) => ({
          runId: runIdOf(seed),
          submissionId: id,
          seed,
          state: 'submitted' as const,
          batchJobId: `job-${seed}`,
          batchStatus: 'SUBMITTED',
        })),
      )
    })
    return id
  }

  const states = async (id: string) =>
    (await getSubmission(store.db, id)).history.map(({ toState }) => toState)
  const stateOf = async (seed: number) => (await loadTrainingJob(store.db, runIdOf(seed))).job.state
  const seen = (seed: number, attempt: number, status: BatchStatus, reason?: string) =>
    observeTrainingJob(store.db, { runId: runIdOf(seed), batchJobId: `job-${seed}`, attempt, status, reason })

  describe('words of the service', () => {
    it('bring a submission from the queue to training and back, with each attempt', async () => {
      const id = await queued(1)
      await seen(1, 1, 'RUNNING')
      await seen(1, 2, 'RUNNABLE', 'Host EC2 terminated.')
      await seen(1, 2, 'RUNNING')
      expect(await states(id)).toEqual(['submitted', 'approved', 'queued', 'running', 'queued', 'running'])
      await seen(1, 2, 'FAILED', 'Essential container in task exited')
      const { submission } = await getSubmission(store.db, id)
      expect(submission).toMatchObject({
        state: 'failed',
        failure: 'seed 1: Essential container in task exited',
      })
    })

    it('come to the same end in whatever order, and however often, they come', async () => {
      const words: [number, BatchStatus][] = [
        [1, 'RUNNABLE'],
        [1, 'STARTING'],
        [1, 'RUNNING'],
        [2, 'RUNNABLE'],
        [2, 'RUNNING'],
        [2, 'FAILED'],
      ]
      await fc.assert(
        fc.asyncProperty(fc.shuffledSubarray([...words, ...words], { minLength: 12 }), async (told) => {
          await store.db.delete(submissions)
          const id = await queued(1)
          for (const [attempt, status] of told) await seen(1, attempt, status, 'out of memory')
          expect(await stateOf(1)).toBe('failed')
          const history = await states(id)
          expect(history.at(-1)).toBe('failed')
          expect(history.filter((state) => state === 'failed')).toHaveLength(1)
        }),
        { numRuns: 12, seed: 1 },
      )
    })

    it('of an end hold for the whole job, though another attempt was awaited', async () => {
      await queued(1)
      await seen(1, 1, 'RUNNING')
      await seen(1, 2, 'RUNNABLE', 'Host EC2 terminated.')
      expect(await seen(1, 1, 'FAILED', 'No capacity.')).toBe(true)
      expect((await loadTrainingJob(store.db, runIdOf(1))).job).toMatchObject({
        state: 'failed',
        attempt: 2,
        failure: 'No capacity.',
      })
    })

    it('are no success without a published run', async () => {
      await queued(1)
      await seen(1, 1, 'SUCCEEDED')
      expect((await loadTrainingJob(store.db, runIdOf(1))).job).toMatchObject({
        state: 'failed',
        failure: expect.stringContaining('published nothing'),
      })
    })

    it('about another job of the same run are not listened to', async () => {
      await queued(1)
      const stranger = {
        runId: runIdOf(1),
        batchJobId: 'job-of-somebody',
        attempt: 9,
        status: 'FAILED' as const,
      }
      expect(await observeTrainingJob(store.db, stranger)).toBe(false)
      expect(await stateOf(1)).toBe('submitted')
    })
  })

  describe('words of the container', () => {
    const first = { runId: runIdOf(1), batchJobId: 'job-1', attempt: 1 }

    it('are heard from the latest attempt only', async () => {
      const id = await queued(1)
      expect(await beginTrainingJob(store.db, first)).toBe('go on')
      expect(await beginTrainingJob(store.db, { ...first, attempt: 2 })).toBe('go on')
      expect(await reportTrainingJob(store.db, first)).toBe('over')
      await endTrainingJob(store.db, first, { state: 'failed', failure: 'late' })
      expect(await stateOf(1)).toBe('running')
      await endTrainingJob(store.db, { ...first, attempt: 2 }, { state: 'succeeded' })
      expect(await states(id)).toEqual(['submitted', 'approved', 'queued', 'running', 'finished'])
      await seen(1, 2, 'FAILED')
      expect(await stateOf(1)).toBe('succeeded')
    })

    it('tell the progress of all seeds together', async () => {
      const id = await queued(1, 2)
      const run = (seed: number, epoch: number) => ({
        seed,
        state: 'training' as const,
        epoch,
        epochs: 4,
        step: 0,
        stepsPerEpoch: 10,
        loss: 1,
        top1: [0.5],
        imagesPerSecond: null,
        secondsLeft: null,
      })
      const at = new Date().toISOString()
      await Promise.all(
        [1, 2].map(async (seed) => {
          const attempt = { runId: runIdOf(seed), batchJobId: `job-${seed}`, attempt: 1 }
          await beginTrainingJob(store.db, attempt)
          const progress = { at, done: seed / 4, runs: [run(seed, seed)] }
          await reportTrainingJob(store.db, {
            ...attempt,
            progress,
            lines: [{ at: new Date(), line: `s${seed}` }],
          })
        }),
      )
      const { submission, log } = await getSubmission(store.db, id)
      expect(submission.progress).toMatchObject({ done: 0.375, runs: [{ seed: 1 }, { seed: 2 }] })
      expect(log.map(({ line }) => line).sort()).toEqual(['s1', 's2'])
    })

    it('of an interruption leave the job to the next attempt', async () => {
      await queued(1)
      await beginTrainingJob(store.db, first)
      await endTrainingJob(store.db, first, { state: 'interrupted', note: 'The machine was taken away.' })
      expect(await stateOf(1)).toBe('submitted')
      expect(await seen(1, 1, 'RUNNING')).toBe(false)
      expect(await beginTrainingJob(store.db, { ...first, attempt: 2 })).toBe('go on')
    })

    it('of an interruption end what somebody wanted to end', async () => {
      const id = await queued(1)
      await beginTrainingJob(store.db, first)
      await store.db.update(submissions).set({ cancelRequestedAt: new Date() })
      await endTrainingJob(store.db, first, { state: 'interrupted', note: 'The machine was taken away.' })
      expect(await states(id)).toEqual(['submitted', 'approved', 'queued', 'running', 'cancelled'])
    })

    it('fail on a run that nobody knows', async () => {
      await expect(beginTrainingJob(store.db, first)).rejects.toMatchObject({ code: 'not-found' })
    })
  })

  it('a container that quotes the bytes of a damaged file is understood', async () => {
    const id = await queued(1)
    const attempt = { runId: runIdOf(1), batchJobId: 'job-1', attempt: 1 }
    await beginTrainingJob(store.db, attempt)
    expect(
      await reportTrainingJob(store.db, { ...attempt, lines: [{ at: new Date(), line: 'read \0' }] }),
    ).toBe('go on')
    await endTrainingJob(store.db, attempt, { state: 'failed', failure: 'Unexpected token \0' })
    const { submission, log } = await getSubmission(store.db, id)
    expect(submission).toMatchObject({ state: 'failed', failure: 'seed 1: Unexpected token ␀' })
    expect(log.map(({ line }) => line)).toEqual(['read ␀'])
  })

  it('one seed that fails leaves the others to train', async () => {
    const id = await queued(1, 2)
    const attempt = (seed: number) => ({ runId: runIdOf(seed), batchJobId: `job-${seed}`, attempt: 1 })
    for (const seed of [1, 2]) await beginTrainingJob(store.db, attempt(seed))
    await endTrainingJob(store.db, attempt(1), { state: 'failed', failure: 'no GPU' })
    expect((await states(id)).at(-1)).toBe('running')
    await endTrainingJob(store.db, attempt(2), { state: 'succeeded' })
    const { submission } = await getSubmission(store.db, id)
    expect(submission).toMatchObject({ state: 'failed', failure: 'seed 1: no GPU' })
    expect((await trainingJobsOf(store.db, id)).map(({ state }) => state)).toEqual(['failed', 'succeeded'])
  })

  describe('two jobs of one run', () => {
    const named = { runId: runIdOf(1), batchJobId: 'job-1', attempt: 1 }
    const stranger = { ...named, batchJobId: 'job-2' }
    const byHand = { runId: runIdOf(1), attempt: 1 }

    it('do not train at once: the one that the row does not name is told that it is over', async () => {
      await queued(1)
      expect(await beginTrainingJob(store.db, stranger)).toBe('over')
      expect(await beginTrainingJob(store.db, named)).toBe('go on')
      expect(await beginTrainingJob(store.db, { ...stranger, attempt: 2 })).toBe('over')
      expect(await reportTrainingJob(store.db, stranger)).toBe('over')
      await endTrainingJob(store.db, stranger, { state: 'failed', failure: 'no GPU' })
      expect((await loadTrainingJob(store.db, runIdOf(1))).job).toMatchObject({
        state: 'running',
        batchJobId: 'job-1',
      })
      expect(await reportTrainingJob(store.db, named)).toBe('go on')
    })

    it('are one again when somebody trains it by hand: the service’s loses it', async () => {
      await queued(1)
      await beginTrainingJob(store.db, named)
      const taken = { ...byHand, attempt: 2 }
      expect(await beginTrainingJob(store.db, taken)).toBe('go on')
      expect(await reportTrainingJob(store.db, named)).toBe('over')
      expect(await beginTrainingJob(store.db, { ...named, attempt: 2 })).toBe('over')
      expect(await seen(1, 2, 'FAILED')).toBe(false)
      expect(await reportTrainingJob(store.db, taken)).toBe('go on')
      // Nobody at the service would try again.
      await endTrainingJob(store.db, taken, { state: 'interrupted', note: 'Ctrl-C.' })
      expect(await stateOf(1)).toBe('waiting')
    })
  })

  describe('where a container writes', () => {
    const told = (attempt: number, status: BatchStatus, logStream: string) =>
      observeTrainingJob(store.db, { runId: runIdOf(1), batchJobId: 'job-1', attempt, status, logStream })
    const logStream = async () => (await loadTrainingJob(store.db, runIdOf(1))).job.logStream

    it('is kept also where the container told that it runs, or has ended, before the service did', async () => {
      await queued(1)
      const attempt = (n: number) => ({ runId: runIdOf(1), batchJobId: 'job-1', attempt: n })
      await beginTrainingJob(store.db, attempt(1))
      expect(await told(1, 'RUNNING', 'first')).toBe(true)
      expect(await told(1, 'RUNNING', 'first')).toBe(false)
      await beginTrainingJob(store.db, attempt(2))
      await endTrainingJob(store.db, attempt(2), { state: 'failed', failure: 'no GPU' })
      expect(await told(1, 'RUNNING', 'late')).toBe(false)
      expect(await told(2, 'RUNNABLE', 'not yet')).toBe(false)
      expect(await logStream()).toBe('first')
      expect(await told(2, 'RUNNING', 'second')).toBe(true)
      expect(await logStream()).toBe('second')
      expect(await stateOf(1)).toBe('failed')
    })
  })
})
