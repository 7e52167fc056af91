import {
  beginTrainingJob,
  cancelSubmission,
  type Db,
  endTrainingJob,
  getSubmission,
  submissions,
} from '@mate-bench/store'
import { openTestStore, type TestStore } from '@mate-bench/store/testing'
import { ProgressBoard } from '@mate-bench/worker'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { tinySpec } from '../../../test/support/tiny-spec.ts'
import { startReports } from './reports.ts'
import { handOver, isSubmittedAs, silentLauncher } from './testing/hand-over.ts'

let store: TestStore
beforeAll(async () => {
  store = await openTestStore()
})
afterAll(async () => {
  await store?.close()
})

/** A run that trains, and the words of its container, which the test sends by moving the clock. */
async function training(seen: (db: Db) => Db = (db) => db) {
  const { id, runIds } = await handOver(store.db, tinySpec({ seeds: [1] }))
  const attempt = { runId: runIds[0] ?? '', batchJobId: `job-of-${runIds[0]}`, attempt: 1 }
  await isSubmittedAs(store.db, attempt.runId, attempt.batchJobId)
  await beginTrainingJob(store.db, attempt)
  const board = new ProgressBoard([1])
  const [onCancel, onOver] = [vi.fn(), vi.fn()]
  let transactions = 0
  const db = new Proxy(seen(store.db), {
    get(target, name, receiver) {
      if (name === 'transaction') transactions++
      return Reflect.get(target, name, receiver)
    },
  })
  const reports = startReports({ db, attempt, board, onCancel, onOver })
  const lines = async () => (await getSubmission(store.db, id)).log.map(({ line }) => line)
  return { id, attempt, board, reports, onCancel, onOver, lines, sent: () => transactions }
}

describe('what a container tells', () => {
  beforeEach(async () => {
    await store.db.delete(submissions)
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  /** Lets what was sent arrive: the database keeps its own time. */
  const arrives = async (look: () => void | Promise<void>) => {
    for (let tries = 0; ; tries++) {
      try {
        return await look()
      } catch (thrown) {
        if (tries > 2000) throw thrown
        await new Promise((resolve) => setImmediate(resolve))
        await store.db.execute('select 1')
      }
    }
  }

  it('is sent each three seconds at most, and what is left when it ends', async () => {
    const { board, reports, lines, sent } = await training()
    await arrives(() => expect(sent()).toBe(1))
    for (let n = 1; n <= 20; n++) {
      board.say(`line ${n}`)
      await vi.advanceTimersByTimeAsync(100)
    }
    expect(sent()).toBe(1)
    await vi.advanceTimersByTimeAsync(1000)
    await arrives(() => expect(sent()).toBe(2))
    await arrives(async () => expect(await lines()).toHaveLength(20))
    board.say('the last')
    await reports.close()
    expect((await lines()).at(-1)).toBe('the last')
    const before = sent()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(sent()).toBe(before)
  })

  it('is told again where the database was away', async () => {
    let away = true
    const { board, reports, lines, sent } = await training(
      (db) =>
        new Proxy(db, {
          get(target, name, receiver) {
            if (away && name === 'transaction') return () => Promise.reject(new Error('away'))
            return Reflect.get(target, name, receiver)
          },
        }),
    )
    board.say('while it is away')
    await vi.advanceTimersByTimeAsync(3000)
    await arrives(() => expect(sent()).toBe(2))
    expect(await lines()).toEqual([])
    away = false
    board.say('when it is back')
    await vi.advanceTimersByTimeAsync(3000)
    await arrives(async () => expect(await lines()).toEqual(['while it is away', 'when it is back']))
    await reports.close()
    expect(await lines()).toEqual(['while it is away', 'when it is back'])
  })

  it('waits for what is still on its way, so that no line comes before an earlier one', async () => {
    let fail: () => void = () => {}
    let isFirst = true
    const { board, reports, lines, sent } = await training(
      (db) =>
        new Proxy(db, {
          get(target, name, receiver) {
            if (!isFirst || name !== 'transaction') return Reflect.get(target, name, receiver)
            isFirst = false
            return () =>
              new Promise((_, reject) => {
                fail = () => reject(new Error('away'))
              })
          },
        }),
    )
    board.say('while the first is on its way')
    await vi.advanceTimersByTimeAsync(10_000)
    expect(sent()).toBe(1)
    fail()
    await arrives(() => expect(sent()).toBe(2))
    board.say('later')
    await reports.close()
    expect(await lines()).toEqual(['while the first is on its way', 'later'])
  })

  it('is answered by the wish to stop', async () => {
    const { id, reports, onCancel, onOver, sent } = await training()
    await arrives(() => expect(sent()).toBe(1))
    await cancelSubmission(store.db, silentLauncher, { id, actor: 'ada' })
    await vi.advanceTimersByTimeAsync(3000)
    await arrives(() => expect(onCancel).toHaveBeenCalled())
    expect(onOver).not.toHaveBeenCalled()
    await reports.close()
  })

  it('is answered by the news that the run has ended, or is another’s', async () => {
    const { attempt, reports, onCancel, onOver } = await training()
    await endTrainingJob(store.db, attempt, { state: 'failed', failure: 'given up' })
    await vi.advanceTimersByTimeAsync(3000)
    await arrives(() => expect(onOver).toHaveBeenCalled())
    expect(onCancel).not.toHaveBeenCalled()
    await reports.close()
  })
})
