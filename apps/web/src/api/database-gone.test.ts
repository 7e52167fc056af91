import { openStore } from '@mate-bench/store'
import { openTestStore } from '@mate-bench/store/testing'
import { afterAll, beforeAll, expect, it } from 'vitest'
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
