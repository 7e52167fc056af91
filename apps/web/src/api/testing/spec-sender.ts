import { sql } from 'drizzle-orm'
import { afterAll, beforeAll } from 'vitest'
import { jsonHeaders, openTestApi, type TestApi } from './test-api.ts'

/** An API for all tests of a file, and somebody who may submit and approve. */
export function specSender() {
  let opened: TestApi | undefined
  let token = ''
  const api = () => {
    if (!opened) throw new Error('The API opens before the first test.')
    return opened
  }
  beforeAll(async () => {
    opened = await openTestApi()
    token = await opened.token(['submit', 'approve'])
  })
  afterAll(async () => {
    await opened?.close()
  })
  return {
    api,
    token: () => token,
    /** Sends the body of a submission. */
    post: async (body: BodyInit, headers: Record<string, string> = jsonHeaders(token)) =>
      await api().request('/submissions', { method: 'POST', headers, body }),
    /** How many submissions there are. */
    count: async () => {
      const { rows } = await api().store.db.execute<{ n: number }>(
        sql`select count(*)::int as n from submissions`,
      )
      return rows[0]?.n
    },
  }
}
