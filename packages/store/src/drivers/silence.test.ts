import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type DatabaseProxy, startDatabaseProxy } from '../testing/database-proxy.ts'
import { openTestStore, type TestStore } from '../testing/test-store.ts'
import { startWebSocketBridge } from '../testing/websocket-bridge.ts'
import { openPg } from './open-pg.ts'
import { openVercel } from './open-vercel.ts'
import { isConnectionLost, storeErrorFromUnknown } from './store-error.ts'

const silenceMilliseconds = 1000

let server: TestStore
let proxy: DatabaseProxy
let opened: ReturnType<typeof openPg>
beforeAll(async () => {
  server = await openTestStore('embedded', { empty: true })
  proxy = await startDatabaseProxy(server.url)
  opened = openPg(proxy.url, { silenceMilliseconds })
})
afterAll(async () => {
  await opened.close()
  await proxy.close()
  await server.close()
})

it('leaves a connection alone while its transaction does something else', async () => {
  const pids = await opened.db.transaction(async (tx) => {
    const pid = async () =>
      (await tx.execute<{ pid: number }>(sql`select pg_backend_pid() as pid`)).rows[0]?.pid
    const first = await pid()
    await sleep(2.5 * silenceMilliseconds)
    return [first, await pid()]
  })
  expect(pids[0]).toBe(pids[1])
})

it.each([
  ['at once', 0],
  ['after a pause that was longer', 1.5 * silenceMilliseconds],
])('tells of a peer that has fallen silent, %s', async (_, pause) => {
  const asking = opened.db.transaction(async (tx) => {
    await tx.execute(sql`select 1`)
    await sleep(pause)
    proxy.become('silent')
    await tx.execute(sql`select 1`)
  })
  const thrown: unknown = await asking.catch((error: unknown) => error)
  proxy.become('open')
  expect(isConnectionLost(thrown)).toBe(true)
  expect(storeErrorFromUnknown(thrown).message).toContain('nothing was heard for 1 seconds')
})

it('tells of a peer that has fallen silent behind a WebSocket, and asks another', async () => {
  const bridge = await startWebSocketBridge(proxy.url)
  const vercel = openVercel(proxy.url, { webSocketProxy: bridge.proxy, silenceMilliseconds })
  try {
    await vercel.db.execute(sql`select 1`)
    proxy.become('silent')
    const thrown: unknown = await vercel.db.execute(sql`select 1`).catch((error: unknown) => error)
    proxy.become('open')
    expect(isConnectionLost(thrown)).toBe(true)
    expect((await vercel.db.execute(sql`select 1 as one`)).rows).toEqual([{ one: 1 }])
    const asking = vercel.db.transaction(async (tx) => {
      proxy.become('silent')
      await tx.execute(sql`select 1`)
    })
    expect(isConnectionLost(await asking.catch((error: unknown) => error))).toBe(true)
    proxy.become('open')
    expect((await vercel.db.execute(sql`select 1 as one`)).rows).toEqual([{ one: 1 }])
  } finally {
    proxy.become('open')
    await vercel.close()
    await bridge.close()
  }
})
