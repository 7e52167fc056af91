import { openStore } from '@mate-bench/store'
import { type DatabaseProxy, openTestStore, startDatabaseProxy } from '@mate-bench/store/testing'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestApi, type TestApi } from './testing/test-api.ts'

let gone: Awaited<ReturnType<typeof openStore>>
let empty: Awaited<ReturnType<typeof openTestStore>>
let api: TestApi
let withoutTables: TestApi

beforeAll(async () => {
  // Nothing listens on the discard port.
  gone = await openStore({ url: 'postgres://ada:hunter2@127.0.0.1:9/bench' })
  empty = await openTestStore('embedded', { empty: true })
  api = await openTestApi({ db: async () => gone.db })
  withoutTables = await openTestApi({ db: async () => empty.db })
})
afterAll(async () => {
  await gone?.close()
  await api?.close()
  await withoutTables?.close()
  await empty?.close()
})

it('stays alive and says that it is not ready', async () => {
  expect((await api.request('/health')).status).toBe(200)
  const ready = await api.request('/ready')
  expect(ready.status).toBe(503)
  expect(ready.headers.get('cache-control')).toBe('no-store')
})

it.each(['/entries', '/runs', '/tracks', '/submissions'])(
  'answers %s with a problem that names no host and no password',
  async (path) => {
    const response = await api.request(path)
    expect(response.status).toBe(503)
    expect(response.headers.get('retry-after')).toBe('10')
    const text = await response.text()
    expect(JSON.parse(text)).toMatchObject({ code: 'storage', status: 503 })
    expect(text).not.toMatch(/hunter2|127\.0\.0\.1|select|ECONN/)
  },
)

it('tells the operator, without the password', () => {
  expect(api.errors.length).toBeGreaterThan(0)
  expect(api.errors.map((error) => (error instanceof Error ? error.message : '')).join()).not.toContain(
    'hunter2',
  )
})

it('still serves what needs no database', async () => {
  expect((await api.request('/methods')).status).toBe(200)
})

it('is not ready without its tables', async () => {
  const response = await withoutTables.request('/ready')
  expect(response.status).toBe(503)
  expect(await response.json()).toMatchObject({ hint: 'Run `mate-bench db migrate`.' })
})

it('is not ready with tables of a newer version', async () => {
  const newer = await openTestStore()
  await newer.db.execute(
    sql`insert into drizzle.__drizzle_migrations (hash, created_at) select 'newer', max(created_at) + 1 from drizzle.__drizzle_migrations`,
  )
  const before = await openTestApi({ db: async () => newer.db })
  const response = await before.request('/ready')
  expect(response.status).toBe(503)
  expect(await response.json()).toMatchObject({
    detail: expect.stringContaining('of a newer version'),
    hint: 'Deploy the version that changed the database.',
  })
  await before.close()
  await newer.close()
})

describe('a database that goes away under open connections', () => {
  let proxy: DatabaseProxy
  let store: Awaited<ReturnType<typeof openTestStore>>
  let pool: Awaited<ReturnType<typeof openStore>>
  let live: TestApi

  beforeAll(async () => {
    store = await openTestStore()
    proxy = await startDatabaseProxy(store.url)
    pool = await openStore({ url: proxy.url })
    live = await openTestApi({ db: async () => pool.db })
  })
  afterAll(async () => {
    await proxy?.close()
    await pool?.close()
    await live?.close()
    await store?.close()
  })
  const statuses = async () =>
    await Promise.all(
      ['/health', '/ready', '/entries', '/submissions'].map(
        async (path) => (await live.request(path)).status,
      ),
    )

  it('is told at once, and answered from again once it is back', async () => {
    expect(await statuses()).toEqual([200, 200, 200, 200])
    proxy.become('gone')
    expect(await statuses()).toEqual([200, 503, 503, 503])
    expect(await statuses()).toEqual([200, 503, 503, 503])
    proxy.become('open')
    expect(await statuses()).toEqual([200, 200, 200, 200])
  })

  it('makes the server not ready where it is silent, without being waited for', async () => {
    expect((await live.request('/ready')).status).toBe(200)
    live.errors.length = 0
    proxy.become('silent')
    const response = await live.request('/ready')
    expect(response.status).toBe(503)
    expect(await response.json()).toMatchObject({ detail: 'The database cannot be reached.' })
    expect(String(live.errors[0])).toContain('no answer within 3000 ms')
    expect((await live.request('/health')).status).toBe(200)
  })
})
