import { sql } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type DatabaseProxy, startDatabaseProxy } from '../testing/database-proxy.ts'
import { openTestStore, type TestStore } from '../testing/test-store.ts'
import { startWebSocketBridge, type WebSocketBridge } from '../testing/websocket-bridge.ts'
import type { Db, Store } from './db.ts'
import { openStore } from './open-store.ts'
import { isConnectionLost, storeErrorFromUnknown } from './store-error.ts'
import { withRetry } from './with-retry.ts'

/** As many as a pool has. */
const all = 10

async function answers(db: Pick<Db, 'execute'>): Promise<boolean> {
  const { rows } = await db.execute<{ one: number }>(sql`select 1 as one`)
  return rows[0]?.one === 1
}

const refusalOf = (work: Promise<unknown>) => work.then(() => undefined).catch((thrown: unknown) => thrown)

describe.each(['pg', 'vercel'] as const)('transactions through %s', (driver) => {
  let server: TestStore
  let proxy: DatabaseProxy
  let bridge: WebSocketBridge | undefined
  let store: Store
  beforeEach(async () => {
    server = await openTestStore('embedded', { empty: true })
    proxy = await startDatabaseProxy(server.url)
    bridge = driver === 'vercel' ? await startWebSocketBridge(proxy.url) : undefined
    store = await openStore({ url: proxy.url, webSocketProxy: bridge?.proxy })
    await server.db.execute(sql`create table numbers (n integer)`)
  })
  afterEach(async () => {
    await store.close()
    await bridge?.close()
    await proxy.close()
    await server.close()
  })

  /** What `numbers` holds, by a way that nobody cuts. */
  const numbers = async () => {
    const { rows } = await server.db.execute<{ n: number }>(sql`select n from numbers order by n`)
    return rows.map(({ n }) => n)
  }

  const cut = () => {
    proxy.become('gone')
    proxy.become('open')
  }

  it('give every client back whose `begin` failed', async () => {
    for (let i = 0; i < all; i++) {
      // Refused by the server; a connection that is lost at that moment is harder to come by.
      const begun = store.db.transaction(() => answers(store.db), { isolationLevel: 'no such' as never })
      expect(await refusalOf(begun)).toBeInstanceOf(Error)
    }
    expect(await answers(store.db)).toBe(true)
    expect(await store.db.transaction(answers)).toBe(true)
  })

  it('go on after all connections were lost while nobody used them', async () => {
    const held = Array.from({ length: all }, () => store.db.transaction(answers))
    await Promise.all(held)
    cut()
    // Some find out by their `begin`, most before.
    await Promise.all(Array.from({ length: all }, () => refusalOf(store.db.transaction(answers))))
    expect(await Promise.all(Array.from({ length: all }, () => store.db.transaction(answers)))).not.toContain(
      false,
    )
  })

  it('tell how the connection was lost, and not that nothing could be rolled back', async () => {
    const asking = store.db.transaction(async (tx) => {
      await answers(tx)
      setTimeout(cut, 20)
      await tx.execute(sql`select pg_sleep(60)`)
    })
    const thrown = await refusalOf(asking)
    expect(isConnectionLost(thrown)).toBe(true)
    expect(storeErrorFromUnknown(thrown).message).toContain('Connection terminated unexpectedly')
  })

  it('tell of a connection that was lost between two questions', async () => {
    const thrown = await refusalOf(
      store.db.transaction(async (tx) => {
        await answers(tx)
        cut()
        await new Promise((done) => setTimeout(done, 100))
        return await answers(tx)
      }),
    )
    expect(isConnectionLost(thrown)).toBe(true)
    expect(storeErrorFromUnknown(thrown)).toMatchObject({ code: 'storage', hint: expect.any(String) })
  })

  it('tell what their work threw, although the connection was lost meanwhile', async () => {
    const work = store.db.transaction(async (tx) => {
      await answers(tx)
      cut()
      throw new RangeError('of the work')
    })
    await expect(work).rejects.toThrow('of the work')
    expect(await answers(store.db)).toBe(true)
  })

  it('are done again from their start after a connection was lost in their middle', async () => {
    for (let lost = 1; lost <= all + 1; lost++) {
      let attempts = 0
      await withRetry(
        () =>
          store.db.transaction(async (tx) => {
            await tx.execute(sql`insert into numbers values (${lost})`)
            const question = tx.execute(sql`select pg_sleep(${attempts === 0 ? 60 : 0})`)
            if (attempts++ === 0) setTimeout(cut, 20)
            await question
          }),
        { firstDelayMilliseconds: 1 },
      )
      expect(attempts).toBe(2)
    }
    expect(await numbers()).toEqual(Array.from({ length: all + 1 }, (_, i) => i + 1))
    expect(await Promise.all(Array.from({ length: all }, () => store.db.transaction(answers)))).not.toContain(
      false,
    )
  })

  it('undo an inner one alone, and both where the outer one fails', async () => {
    const fail = async (tx: Pick<Db, 'execute'>, n: number) => {
      await tx.execute(sql`insert into numbers values (${n})`)
      throw new RangeError('on purpose')
    }
    await store.db.transaction(async (tx) => {
      await tx.execute(sql`insert into numbers values (1)`)
      await expect(tx.transaction((inner) => fail(inner, 2))).rejects.toThrow('on purpose')
      await expect(tx.transaction((inner) => inner.execute(sql`select 1 / 0`))).rejects.toThrow()
      await tx.transaction((inner) => inner.execute(sql`insert into numbers values (3)`))
    })
    expect(await numbers()).toEqual([1, 3])
    const outer = store.db.transaction(async (tx) => {
      await tx.transaction((inner) => inner.execute(sql`insert into numbers values (4)`))
      await fail(tx, 5)
    })
    await expect(outer).rejects.toThrow('on purpose')
    expect(await numbers()).toEqual([1, 3])
    const lostInside = store.db.transaction((tx) =>
      tx.transaction(async (inner) => {
        await answers(inner)
        cut()
        await new Promise((done) => setTimeout(done, 100))
        await answers(inner)
      }),
    )
    expect(isConnectionLost(await refusalOf(lostInside))).toBe(true)
  })
})
