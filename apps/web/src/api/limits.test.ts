import { describe, expect, it } from 'vitest'
import { tinySpec } from '../../../../test/support/tiny-spec.ts'
import type { TrustedProxy } from './middleware/client-address.ts'
import { jsonHeaders, openTestApi, testLimits } from './testing/test-api.ts'

const oneProxy: TrustedProxy = { kind: 'forwarded-for', proxies: 1 }
const spec = JSON.stringify(tinySpec())

describe('limits', () => {
  it('let exactly the allowed number of 60 parallel posts pass', async () => {
    const limited = await openTestApi({
      limits: { ...testLimits, perToken: { burst: 20, perMinute: 60 } },
    })
    try {
      const own = await limited.token(['submit'])
      const responses = await Promise.all(
        Array.from({ length: 60 }, (_, i) =>
          limited.request('/submissions', {
            method: 'POST',
            headers: jsonHeaders(own, { 'idempotency-key': `key-${i}` }),
            body: spec,
          }),
        ),
      )
      expect(responses.filter(({ status }) => status === 201)).toHaveLength(20)
      const refused = responses.filter(({ status }) => status === 429)
      expect(refused).toHaveLength(40)
      expect(refused.every(({ headers }) => headers.get('retry-after') === '1')).toBe(true)
      const { data } = await (await limited.request('/submissions?limit=200')).json()
      expect(data).toHaveLength(20)
      limited.time.now = new Date(limited.time.now.getTime() + 1000)
      const later = await limited.request('/submissions', {
        method: 'POST',
        headers: jsonHeaders(own),
        body: spec,
      })
      expect(later.status).toBe(201)
      expect((await limited.request('/submissions')).status).toBe(200)
    } finally {
      await limited.close()
    }
  })

  it('count what a token may not do as well', async () => {
    const limited = await openTestApi({ limits: { ...testLimits, perToken: { burst: 3, perMinute: 6 } } })
    try {
      const approver = await limited.token(['approve'])
      const statuses: number[] = []
      for (let i = 0; i < 5; i++) {
        const response = await limited.request('/submissions', {
          method: 'POST',
          headers: jsonHeaders(approver),
          body: spec,
        })
        statuses.push(response.status)
      }
      expect(statuses).toEqual([403, 403, 403, 429, 429])
    } finally {
      await limited.close()
    }
  })

  it('bound the guessing of tokens by address', async () => {
    const limited = await openTestApi({
      trustedProxy: oneProxy,
      limits: { ...testLimits, perAddress: { burst: 5, perMinute: 6 } },
    })
    try {
      const guess = async (forwarded: string) =>
        (
          await limited.request('/submissions', {
            method: 'POST',
            headers: { authorization: 'Bearer mb_x', 'x-forwarded-for': forwarded },
          })
        ).status
      // The client's own claim stands left of what the proxy saw.
      const statuses: number[] = []
      for (let i = 0; i < 7; i++) statuses.push(await guess(`198.51.100.${i}, 203.0.113.7`))
      expect(statuses).toEqual([401, 401, 401, 401, 401, 429, 429])
      expect(await guess('203.0.113.8')).toBe(401)
    } finally {
      await limited.close()
    }
  })

  it('of clients without a known address do not let those without a token shut out those with one', async () => {
    const limited = await openTestApi({ limits: { ...testLimits, perAddress: { burst: 5, perMinute: 6 } } })
    try {
      const submitted = async (authorization: string) =>
        (
          await limited.request('/submissions', {
            method: 'POST',
            headers: { ...jsonHeaders(''), authorization, 'x-forwarded-for': '203.0.113.7' },
            body: spec,
          })
        ).status
      const own = await limited.token(['submit'])
      const guesses: number[] = []
      for (let i = 0; i < 7; i++) guesses.push(await submitted('Bearer mb_x'))
      // Whatever they claim to be, guesses share one allowance.
      expect(guesses).toEqual([401, 401, 401, 401, 401, 429, 429])
      expect(await submitted(`Bearer ${own}`)).toBe(201)
    } finally {
      await limited.close()
    }
  })
})
