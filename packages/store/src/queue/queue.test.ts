import { digestExperiment } from '@mate-bench/provenance'
import { BenchError } from '@mate-bench/schema'
import { eq, sql } from 'drizzle-orm'
import fc from 'fast-check'
import { runMigrations } from 'graphile-worker'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { eventsOfRun, recordStart } from '../ledger/run-events.ts'
import { createToken } from '../queries/api-tokens.ts'
import { appendLog, createSubmission, getSubmission } from '../queries/submissions.ts'
import { type SubmissionState, submissionStates, submissions } from '../schema/index.ts'
import { syntheticRun } from '../testing/synthetic-run.ts'
import { openTestStore, type TestStore, testDrivers } from '../testing/test-store.ts'
import { approveSubmission, cancelSubmission, rejectSubmission } from './decide.ts'
import { claimSubmission, confirmLease, endLease, keepLease, maximumLosses } from './lease.ts'
import { localQueue } from './local-queue.ts'
import { localRunId } from './local-runs.ts'
import { placesInQueue } from './places-in-queue.ts'
import { changeState, isFinal, lockSubmission, mayFollow } from './submission-states.ts'
import { queueApproved, requeueLost, restoreJobs } from './tidy-queue.ts'

// Jobs are added by SQL functions, through whatever driver.
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

  async function submit(): Promise<string> {
    const { spec, specDigest } = syntheticRun().manifest
    return (await createSubmission(store.db, { spec, specDigest, totalMacs: 1, tokenId, submitter: 'ada' }))
      .id
  }

  const states = async (id: string) =>
    (await getSubmission(store.db, id)).history.map(({ toState, actor }) => `${toState} by ${actor}`)

  describe('before any worker has made the queue', () => {
    it('keeps what is approved as approved', async () => {
      const id = await submit()
      await approveSubmission(store.db, localQueue, { id, actor: 'grace' })
      expect(await states(id)).toEqual(['submitted by ada', 'approved by grace'])
      const { submission } = await getSubmission(store.db, id)
      expect(await localQueue.status(store.db, submission)).toEqual({ position: null, ready: false })
    })
  })

  describe('with a queue', () => {
    beforeAll(async () => {
      await runMigrations({ connectionString: store.url })
    })
    beforeEach(async () => {
      await store.db.execute(sql`delete from graphile_worker._private_jobs`)
    })

    const jobs = async () => {
      const { rows } = await store.db.execute<{ key: string | null }>(
        sql`select key from graphile_worker.jobs where attempts < max_attempts`,
      )
      return rows.map(({ key }) => key)
    }
    const queued = async () => {
      const id = await submit()
      await approveSubmission(store.db, localQueue, { id, actor: 'grace' })
      return id
    }
    const silentFor = async (id: string, seconds: number) =>
      await store.db.execute(
        sql`update submissions set updated_at = now() - make_interval(secs => ${seconds}) where id = ${id}`,
      )

    it('takes every word about an end, one that quotes the bytes of a damaged file too', async () => {
      const lease = { submissionId: await queued(), worker: 'w' }
      await claimSubmission(store.db, lease)
      await appendLog(store.db, lease.submissionId, [{ at: new Date(), line: 'read \0' }])
      await endLease(store.db, lease, { state: 'failed', failure: 'Unexpected token \0' })
      const { submission, history, log } = await getSubmission(store.db, lease.submissionId)
      expect(submission).toMatchObject({ state: 'failed', failure: 'Unexpected token ␀' })
      expect(history.at(-1)?.note).toBe('Unexpected token ␀')
      expect(log.map(({ line }) => line)).toEqual(['read ␀'])
    })

    describe('a run that was begun is told as ended in the ledger', () => {
      /** Taken by a worker that has begun its run, with what the ledger says of that from then on. */
      async function begun() {
        const lease = { submissionId: await queued(), worker: 'w' }
        await claimSubmission(store.db, lease)
        const { submission } = await getSubmission(store.db, lease.submissionId)
        const { spec, specDigest } = submission
        const seed = spec.seeds[0] ?? 0
        const runId = localRunId(submission, seed)
        const run = { runId, specDigest, experimentDigest: digestExperiment(spec), seed }
        await recordStart(store.db, run, { key: null, takesOver: true })
        const ends = async () =>
          (await eventsOfRun(store.db, runId)).flatMap(({ event }) =>
            event.kind === 'failed' ? [event.reason] : [],
          )
        return { lease, id: lease.submissionId, ends }
      }

      it('where it failed, whatever failed', async () => {
        const { lease, ends } = await begun()
        await endLease(store.db, { ...lease, worker: 'another' }, { state: 'failed', failure: 'not its own' })
        expect(await ends()).toEqual([])
        await endLease(store.db, lease, { state: 'failed', failure: 'The run does not verify.' })
        expect(await ends()).toEqual(['The run does not verify.'])
      })

      it('where it was handed back, and cancelled before another worker took it', async () => {
        const { lease, id, ends } = await begun()
        await endLease(store.db, lease, { state: 'queued', note: 'stops' })
        expect(await ends()).toEqual([])
        await cancelSubmission(store.db, localQueue, { id, actor: 'ada' })
        expect(await ends()).toEqual(['It was cancelled.'])
      })

      it('where its worker was lost after somebody asked to stop', async () => {
        const { id, ends } = await begun()
        await cancelSubmission(store.db, localQueue, { id, actor: 'ada' })
        await silentFor(id, 100)
        await requeueLost(store.db, 60)
        expect(await ends()).toEqual(['It was cancelled.'])
      })

      it('where it has ended too many workers', async () => {
        const { lease, id, ends } = await begun()
        for (let loss = 0; loss < maximumLosses; loss++) {
          await silentFor(id, 100)
          await requeueLost(store.db, 60)
          await claimSubmission(store.db, lease)
        }
        expect(await ends()).toEqual([`${maximumLosses} workers were lost while they trained it.`])
      })
    })

    it('queues with the approval, in one transaction', async () => {
      const id = await queued()
      expect(await states(id)).toEqual(['submitted by ada', 'approved by grace', 'queued by grace'])
      expect(await jobs()).toEqual([id])
      const other = await submit()
      const undone = store.db.transaction(async (tx) => {
        const approved = await changeState(tx, await lockSubmission(tx, other), {
          to: 'approved',
          actor: 'grace',
        })
        await localQueue.start(tx, approved, 'grace')
        throw new Error('the connection was lost')
      })
      await expect(undone).rejects.toThrow()
      expect(await jobs()).toEqual([id])
      expect(await states(other)).toEqual(['submitted by ada'])
    })

    it('queues what was approved before it was there', async () => {
      const id = await submit()
      await store.db.transaction(async (tx) => {
        await changeState(tx, await lockSubmission(tx, id), { to: 'approved', actor: 'grace' })
      })
      expect(await queueApproved(store.db)).toEqual([id])
      expect(await queueApproved(store.db)).toEqual([])
      expect(await jobs()).toEqual([id])
    })

    it('makes the job anew that a worker took along when it died before it took the submission', async () => {
      const [waiting, taken, vanished, trained] = [
        await queued(),
        await queued(),
        await queued(),
        await queued(),
      ]
      const lock = async (id: string, seconds: number) =>
        await store.db.execute(
          sql`update graphile_worker._private_jobs set attempts = 1, locked_by = 'w', locked_at = now() - make_interval(secs => ${seconds}) where key = ${id}`,
        )
      for (const id of [taken, trained]) await lock(id, 20)
      await claimSubmission(store.db, { submissionId: trained, worker: 'w' })
      await store.db.execute(sql`delete from graphile_worker._private_jobs where key = ${vanished}`)
      expect(await restoreJobs(store.db, 30)).toEqual([vanished])
      for (const id of [taken, trained]) await lock(id, 40)
      expect((await Promise.all([restoreJobs(store.db, 30), restoreJobs(store.db, 30)])).flat()).toContain(
        taken,
      )
      const { rows } = await store.db.execute<{ key: string }>(
        sql`select key from graphile_worker.jobs where locked_at is null and attempts < max_attempts order by key`,
      )
      expect(rows.map(({ key }) => key)).toEqual([waiting, taken, vanished].sort())
      expect(await restoreJobs(store.db, 30)).toEqual([])
      expect((await states(taken)).at(-1)).toBe('queued by grace')
    })

    it('tells the place in the queue', async () => {
      const [first, second] = [await queued(), await queued()]
      const position = async (id: string) =>
        (await localQueue.status(store.db, (await getSubmission(store.db, id)).submission)).position
      expect([await position(first), await position(second)]).toEqual([0, 1])
      const elsewhere = await queued()
      await store.db.update(submissions).set({ launcher: 'aws-batch' }).where(eq(submissions.id, elsewhere))
      const third = await queued()
      expect(await placesInQueue(store.db, [third, elsewhere, await submit()])).toEqual(
        new Map([
          [third, 2],
          [elsewhere, 0],
        ]),
      )
    })

    it('gives a submission to one of many workers that want it at once', async () => {
      const id = await queued()
      const claims = await Promise.all(
        Array.from({ length: 8 }, (_, i) => claimSubmission(store.db, { submissionId: id, worker: `w${i}` })),
      )
      expect(claims.filter(({ taken }) => taken)).toHaveLength(1)
      expect((await states(id)).filter((event) => event.startsWith('running'))).toHaveLength(1)
    })

    it('takes a submission away from a worker that says nothing for the lease, and hears no more from it', async () => {
      const id = await queued()
      const lost = { submissionId: id, worker: 'lost' }
      await claimSubmission(store.db, lost)
      expect(await requeueLost(store.db, 30)).toEqual([])
      await silentFor(id, 31)
      const all = await Promise.all([requeueLost(store.db, 30), requeueLost(store.db, 30)])
      expect(all.flat()).toEqual([id])
      expect(await keepLease(store.db, lost, { done: 1 })).toBe('lost')
      const next = { submissionId: id, worker: 'next' }
      expect(await claimSubmission(store.db, next)).toMatchObject({ taken: true })
      expect(await keepLease(store.db, lost)).toBe('lost')
      expect(await endLease(store.db, lost, { state: 'finished' })).toBe(false)
      expect(await endLease(store.db, next, { state: 'finished' })).toBe(true)
      expect((await getSubmission(store.db, id)).submission).toMatchObject({
        state: 'finished',
        worker: 'next',
        progress: null,
      })
    })

    it('confirms a lease to who has it, and lets nobody take it away meanwhile', async () => {
      const id = await queued()
      const lease = { submissionId: id, worker: 'w' }
      await claimSubmission(store.db, lease)
      await silentFor(id, 60)
      await store.db.transaction(async (tx) => {
        await confirmLease(tx, lease)
        expect(await requeueLost(store.db, 30)).toEqual([])
      })
      expect(await requeueLost(store.db, 30)).toEqual([id])
      const confirmed = (worker: string) =>
        store.db.transaction((tx) => confirmLease(tx, { submissionId: id, worker }))
      await expect(confirmed('w')).rejects.toMatchObject({ code: 'conflict' })
      await claimSubmission(store.db, { submissionId: id, worker: 'next' })
      await expect(confirmed('w')).rejects.toMatchObject({ code: 'conflict' })
      await confirmed('next')
    })

    it('gives up a submission that loses worker after worker', async () => {
      const id = await queued()
      for (let i = 0; i < maximumLosses; i++) {
        expect(await claimSubmission(store.db, { submissionId: id, worker: `w${i}` })).toMatchObject({
          taken: true,
        })
        await silentFor(id, 60)
        await requeueLost(store.db, 30)
      }
      expect(await claimSubmission(store.db, { submissionId: id, worker: 'last' })).toEqual({ taken: false })
      expect((await getSubmission(store.db, id)).submission).toMatchObject({
        state: 'failed',
        failure: expect.stringContaining('workers were lost'),
      })
    })

    it('does not count workers that hand back', async () => {
      const id = await queued()
      for (let i = 0; i < maximumLosses + 2; i++) {
        const lease = { submissionId: id, worker: `w${i}` }
        expect(await claimSubmission(store.db, lease)).toMatchObject({ taken: true })
        await endLease(store.db, lease, { state: 'queued', note: 'stopped' })
      }
      expect(await jobs()).toEqual([id])
    })

    it('cancels what waits at once, and lets what runs hear of it', async () => {
      const waiting = await queued()
      await cancelSubmission(store.db, localQueue, { id: waiting, actor: 'ada' })
      expect(await jobs()).toEqual([])
      expect((await states(waiting)).at(-1)).toBe('cancelled by ada')

      const running = await queued()
      const lease = { submissionId: running, worker: 'w' }
      await claimSubmission(store.db, lease)
      expect(await keepLease(store.db, lease)).toBe('go on')
      await cancelSubmission(store.db, localQueue, { id: running, actor: 'ada', note: 'a mistake' })
      await cancelSubmission(store.db, localQueue, { id: running, actor: 'ada' })
      expect(await keepLease(store.db, lease)).toBe('cancel')
      // A worker that stops at that moment does not put it back.
      await endLease(store.db, lease, { state: 'queued', note: 'stopped' })
      const { history, submission } = await getSubmission(store.db, running)
      expect(submission.state).toBe('cancelled')
      expect(history.filter(({ note }) => note === 'Asked to stop. a mistake')).toMatchObject([
        { actor: 'ada' },
      ])
    })

    it('lets one of several who decide at once have it, and writes down what happened and no more', async () => {
      for (let round = 0; round < 5; round++) {
        const id = await submit()
        const decisions = await Promise.allSettled([
          ...['grace', 'joan'].map((actor) => approveSubmission(store.db, localQueue, { id, actor })),
          ...['grace', 'joan'].map((actor) => rejectSubmission(store.db, { id, actor })),
        ])
        const refused = decisions.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []))
        expect(refused).toMatchObject(Array(3).fill({ code: 'conflict' }))
        const [, decision, ...rest] = (await getSubmission(store.db, id)).history
        expect(decision?.toState).toMatch(/^(approved|rejected)$/)
        expect(rest).toMatchObject(
          decision?.toState === 'approved' ? [{ toState: 'queued', actor: decision.actor }] : [],
        )
      }
    })

    it('ends what is cancelled while it is decided on, whichever comes first', async () => {
      for (let round = 0; round < 5; round++) {
        const id = await submit()
        const [approved, rejected, cancelled] = await Promise.allSettled([
          approveSubmission(store.db, localQueue, { id, actor: 'grace' }),
          rejectSubmission(store.db, { id, actor: 'joan' }),
          cancelSubmission(store.db, localQueue, { id, actor: 'ada' }),
        ])
        const { submission, history } = await getSubmission(store.db, id)
        expect([rejected.status, cancelled.status].sort()).toEqual(['fulfilled', 'rejected'])
        const end = cancelled.status === 'fulfilled' ? 'cancelled' : 'rejected'
        expect(submission.state).toBe(end)
        const before = approved.status === 'fulfilled' ? ['submitted', 'approved', 'queued'] : ['submitted']
        expect(history.map(({ toState }) => toState)).toEqual([...before, end])
        expect(history.slice(1).map(({ fromState }) => fromState)).toEqual(before)
        expect(await jobs()).not.toContain(id)
      }
    })

    it('refuses what the state does not allow, and says what it does', async () => {
      const id = await submit()
      await rejectSubmission(store.db, { id, actor: 'grace' })
      for (const act of [approveSubmission, cancelSubmission]) {
        await expect(act(store.db, localQueue, { id, actor: 'grace' })).rejects.toMatchObject({
          code: 'conflict',
        })
      }
      await expect(
        cancelSubmission(store.db, localQueue, { id: "sub_' or 1=1", actor: 'x' }),
      ).rejects.toMatchObject({ code: 'not-found' })
    })

    it('holds to the table of states, whatever is asked', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.constantFrom(...submissionStates), { maxLength: 12 }),
          async (wishes) => {
            const id = await submit()
            let expected: SubmissionState = 'submitted'
            const visited: SubmissionState[] = [expected]
            for (const to of wishes) {
              const change = store.db.transaction(
                async (tx) => await changeState(tx, await lockSubmission(tx, id), { to, actor: 'x' }),
              )
              const error = await change.then(
                () => undefined,
                (thrown: unknown) => thrown,
              )
              expect(error instanceof BenchError ? error.code : error).toBe(
                mayFollow(expected, to) ? undefined : 'conflict',
              )
              if (error) continue
              expected = to
              visited.push(to)
            }
            const { submission, history } = await getSubmission(store.db, id)
            expect(submission.state).toBe(expected)
            expect(history.map(({ toState }) => toState)).toEqual(visited)
            expect(history.slice(1).map(({ fromState }) => fromState)).toEqual(visited.slice(0, -1))
            expect(visited.slice(0, -1).some(isFinal)).toBe(false)
          },
        ),
        { numRuns: 30, seed: 1 },
      )
    })
  })
})
