import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { formatToken, hashSecret, newTokenText, parseToken, secretMatches } from '../access/token-text.ts'
import { apiTokens } from '../schema/index.ts'
import { openTestStore, type TestStore, testDrivers } from '../testing/test-store.ts'
import { checkToken, createToken, listTokens, revokeToken } from './api-tokens.ts'
import { answerOnce } from './idempotency-keys.ts'
import { takeFromBucket } from './rate-limits.ts'
import { sweepExpired } from './sweep-expired.ts'

const now = new Date('2026-03-01T12:00:00.000Z')
const after = (seconds: number) => new Date(now.getTime() + 1000 * seconds)
const parsed = (token: string) => {
  const text = parseToken(token)
  if (!text) throw new Error('not a token')
  return text
}

describe('the text of a token', () => {
  it('holds 256 bits that are nowhere else', () => {
    const token = newTokenText()
    expect(Buffer.from(token.secret, 'base64url')).toHaveLength(32)
    expect(parseToken(formatToken(token))).toEqual(token)
    expect(newTokenText().secret).not.toBe(token.secret)
  })

  it('is told apart from anything else', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const found = parseToken(text)
        return found === undefined || formatToken(found) === text
      }),
    )
    const good = formatToken(newTokenText())
    for (const bad of [
      `${good} `,
      ` ${good}`,
      `${good}\n`,
      good.slice(0, -1),
      good.toUpperCase(),
      `${good}A`,
    ]) {
      expect(parseToken(bad)).toBeUndefined()
    }
  })

  it('matches its own hash and no other', () => {
    const { secret } = newTokenText()
    expect(secretMatches(secret, hashSecret(secret))).toBe(true)
    expect(secretMatches(secret, hashSecret(`${secret.slice(0, -1)}!`))).toBe(false)
    expect(secretMatches(secret, new Uint8Array(3))).toBe(false)
  })
})

describe.each(testDrivers)('through %s', (driver) => {
  let store: TestStore
  beforeAll(async () => {
    store = await openTestStore(driver)
  })
  afterAll(async () => {
    await store?.close()
  })

  describe('tokens', () => {
    it('are good until they expire or are revoked, and say why not only to their holder', async () => {
      const { token, id } = await createToken(store.db, {
        name: 'laptop',
        owner: 'ada',
        scopes: ['submit'],
        expiresAt: after(60),
      })
      const good = await checkToken(store.db, parsed(token), now)
      expect(good).toMatchObject({ ok: true, token: { id, owner: 'ada', scopes: ['submit'] } })
      expect(await checkToken(store.db, parsed(token), after(60))).toEqual({ ok: false, reason: 'expired' })
      const forged = { ...newTokenText(), id }
      expect(await checkToken(store.db, forged, after(60))).toEqual({ ok: false, reason: 'unknown' })
      expect(await checkToken(store.db, newTokenText(), now)).toEqual({ ok: false, reason: 'unknown' })
      expect(await revokeToken(store.db, id, now)).toBe(true)
      expect(await revokeToken(store.db, id, now)).toBe(false)
      expect(await checkToken(store.db, parsed(token), now)).toEqual({ ok: false, reason: 'revoked' })
    })

    it('leave no trace of their secret in the database', async () => {
      const { token } = await createToken(store.db, {
        name: 'x',
        owner: 'ada',
        scopes: [],
        expiresAt: after(60),
      })
      const { secret } = parsed(token)
      const rows = await store.db.select().from(apiTokens)
      expect(
        JSON.stringify(rows.map((row) => ({ ...row, secretHash: Buffer.from(row.secretHash).toString() }))),
      ).not.toContain(secret)
      expect(JSON.stringify(await listTokens(store.db))).not.toMatch(/secret|hash/i)
    })
  })

  describe('rate limits', () => {
    it('let exactly the burst pass of 60 at once', async () => {
      const limit = { burst: 20, perMinute: 60 }
      const checks = await Promise.all(
        Array.from({ length: 60 }, () => takeFromBucket(store.db, 'parallel', limit, now)),
      )
      const allowed = checks.filter((check) => check.allowed)
      expect(allowed).toHaveLength(20)
      expect(allowed.map((check) => (check.allowed ? check.remaining : -1)).sort((a, b) => a - b)).toEqual(
        Array.from({ length: 20 }, (_, i) => i),
      )
    })

    it('give one back each interval, and say how long that takes', async () => {
      const limit = { burst: 3, perMinute: 6 }
      const take = (at: Date) => takeFromBucket(store.db, 'refill', limit, at)
      for (let i = 0; i < 3; i++) expect(await take(now)).toMatchObject({ allowed: true, remaining: 2 - i })
      expect(await take(now)).toEqual({ allowed: false, retryAfterSeconds: 10 })
      expect(await take(after(9))).toEqual({ allowed: false, retryAfterSeconds: 1 })
      expect(await take(after(10))).toMatchObject({ allowed: true, remaining: 0 })
      expect(await take(after(1000))).toMatchObject({ allowed: true, remaining: 2 })
    })

    it('keep buckets apart, and are forgotten when full', async () => {
      const limit = { burst: 1, perMinute: 60 }
      expect(await takeFromBucket(store.db, 'a', limit, now)).toMatchObject({ allowed: true })
      expect(await takeFromBucket(store.db, "b'; drop table rate_limits; --", limit, now)).toMatchObject({
        allowed: true,
      })
      await sweepExpired(store.db, now)
      expect(await takeFromBucket(store.db, 'a', limit, now)).toMatchObject({ allowed: false })
      await sweepExpired(store.db, after(3600))
      expect(await takeFromBucket(store.db, 'a', limit, now)).toMatchObject({ allowed: true })
    })
  })

  describe('idempotency keys', () => {
    const owner = async () =>
      (await createToken(store.db, { name: 'x', owner: 'ada', scopes: [], expiresAt: after(60) })).id

    it('make one thing of many requests at once', async () => {
      const tokenId = await owner()
      let done = 0
      const request = { tokenId, key: 'k', requestDigest: 'd', now }
      const answers = await Promise.all(
        Array.from({ length: 8 }, () =>
          store.db.transaction((tx) =>
            answerOnce(tx, request, async () => ({ status: 201, body: { number: ++done } })),
          ),
        ),
      )
      expect(done).toBe(1)
      expect(
        answers.every(({ status, body }) => status === 201 && JSON.stringify(body) === '{"number":1}'),
      ).toBe(true)
      expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1)
    })

    it('refuse another request, forget what failed, and belong to their token', async () => {
      const tokenId = await owner()
      const once = (key: string, requestDigest: string, id = tokenId, at = now) =>
        store.db.transaction((tx) =>
          answerOnce(tx, { tokenId: id, key, requestDigest, now: at }, async () => {
            if (requestDigest === 'bad') throw new Error('refused')
            return { status: 201, body: requestDigest }
          }),
        )
      await expect(once('k', 'bad')).rejects.toThrow('refused')
      expect(await once('k', 'good')).toMatchObject({ body: 'good', replayed: false })
      await expect(once('k', 'other')).rejects.toMatchObject({ code: 'conflict' })
      expect(await once('k', 'other', await owner())).toMatchObject({ body: 'other', replayed: false })
      expect(await once('k', 'other', tokenId, after(25 * 3600))).toMatchObject({ replayed: false })
      await sweepExpired(store.db, after(100 * 3600))
      expect(await once('k', 'third')).toMatchObject({ replayed: false })
    })
  })
})
