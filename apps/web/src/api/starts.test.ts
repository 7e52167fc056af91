import { ledgerSize } from '@mate-bench/store'
import { sql } from 'drizzle-orm'
import { expect, it } from 'vitest'
import { jsonHeaders, openTestApi } from './testing/test-api.ts'

it('lets one token begin 200 runs a day, and begin each of them again', async () => {
  const api = await openTestApi()
  const token = await api.token(['submit'], { days: 3 })
  const digest = `sha256:${'1'.repeat(64)}`
  const begin = async (run: number) => {
    const start = {
      ...{ version: 1, runId: `run_${String(run).padStart(20, '0')}`, seed: run },
      ...{ specDigest: digest, experimentDigest: digest, at: '2026-03-01T12:00:00.000Z' },
    }
    const body = JSON.stringify({ start })
    return await api.request('/ledger/starts', { method: 'POST', headers: jsonHeaders(token), body })
  }
  expect((await begin(0)).status).toBe(201)
  // As 198 further ones leave it.
  await api.store.db.execute(
    sql`update rate_limits set full_at = full_at + 198 * interval '432 seconds' where key like 'starts:%'`,
  )
  expect((await begin(199)).status).toBe(201)
  const refused = await begin(200)
  expect([refused.status, (await refused.json()).detail]).toEqual([
    429,
    expect.stringContaining('at most 200 runs a day'),
  ])
  expect(await ledgerSize(api.store.db)).toBe(2)
  expect((await begin(0)).status).toBe(201)
  api.time.now = new Date(api.time.now.getTime() + 24 * 3600 * 1000)
  expect((await begin(200)).status).toBe(201)
  await api.close()
})
