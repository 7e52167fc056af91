import { readFile } from 'node:fs/promises'
import { DrizzleQueryError, sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { chooseDriver, databaseUrlFromEnvironment, describeUrl, pooledUrl } from './choose-driver.ts'
import { openStore } from './open-store.ts'
import {
  isConnectionLost,
  storeErrorFromUnknown,
  withoutSecrets,
  workErrorFromUnknown,
} from './store-error.ts'
import { withRetry } from './with-retry.ts'

const secret = 'hunter2'

describe('chooseDriver', () => {
  it.each([
    [`postgres://u:${secret}@ep-cool-1.eu-central-1.aws.neon.tech/db`, 'vercel'],
    [`postgresql://u:${secret}@ep-cool-1-pooler.us-east-1.postgres.vercel-storage.com/db`, 'vercel'],
    [`postgres://u:${secret}@db.example.org:6543/db`, 'pg'],
    [`postgres://u:${secret}@neon.tech.example.org/db`, 'pg'],
  ] as const)('takes for %s the driver %s', (url, driver) => {
    expect(chooseDriver(url)).toBe(driver)
    expect(describeUrl(url)).not.toContain(secret)
  })

  it.each(['mysql://u:hunter2@host/db', 'hunter2', ''])('refuses %j without repeating it', (url) => {
    const refusal = expect.objectContaining({
      code: 'bad-input',
      message: expect.not.stringContaining(secret),
    })
    expect(() => chooseDriver(url)).toThrow(refusal)
  })

  it.each([
    'postgres://ada:hunter#2@db.example.org/db',
    'postgres://ada:12#hunter2@db.example.org/db',
    'postgres://ada:hunter/2@db.example.org/db',
    'postgresql://ada:12?hunter2@db.example.org:5432/db',
  ])('says of %s how to write the password, without repeating it', (url) => {
    const thrown = (() => {
      try {
        return describeUrl(url)
      } catch (error) {
        return error
      }
    })()
    expect(thrown).toMatchObject({
      code: 'bad-input',
      message: expect.stringContaining('percent-encoded'),
      hint: expect.stringContaining('%23 for #'),
    })
    expect(`${String(thrown)}${JSON.stringify(thrown)}`).not.toContain('hunter')
  })

  it.each([
    'postgres://ada:hunter%232@db.example.org/db',
    'postgres://ada@db.example.org/db?options=a@b',
    'postgres:///db?host=/var/run/postgresql',
    'postgres://ada:p@ss@db.example.org/db',
  ])('takes %s as it is', (url) => {
    expect(describeUrl(url)).toMatch(/^(db\.example\.org)?:5432\/db$/)
  })

  it('asks the pooler of a Neon host, which @vercel/postgres insists on', () => {
    expect(pooledUrl('postgres://u:p@ep-a-1.eu.aws.neon.tech/db')).toBe(
      'postgres://u:p@ep-a-1-pooler.eu.aws.neon.tech/db',
    )
    expect(pooledUrl('postgres://u:p@ep-a-1-pooler.eu.aws.neon.tech/db')).toContain('@ep-a-1-pooler.eu')
  })

  it('prefers DATABASE_URL, takes POSTGRES_URL, and neither where both are empty', () => {
    expect(databaseUrlFromEnvironment({ DATABASE_URL: 'a', POSTGRES_URL: 'b' })).toBe('a')
    expect(databaseUrlFromEnvironment({ DATABASE_URL: '', POSTGRES_URL: 'b' })).toBe('b')
    expect(databaseUrlFromEnvironment({ DATABASE_URL: '' })).toBeUndefined()
  })
})

describe('store errors', () => {
  it('tell a lost database from a refused statement', async () => {
    const store = await openStore({ url: `postgres://u:${secret}@127.0.0.1:1/db` })
    const thrown: unknown = await store.db
      .execute(sql`select ${secret}::text`)
      .catch((error: unknown) => error)
    await store.close()
    expect(isConnectionLost(thrown)).toBe(true)
    const error = storeErrorFromUnknown(thrown, { doing: 'looking', retry: 'Look again.' })
    expect(error.code).toBe('storage')
    expect(error.message).toContain('cannot be reached while looking')
    expect(error.hint).toContain('Look again.')
    // Neither the password nor the parameters of the statement.
    expect(`${error.message}${error.hint}${error.stack}${String(error.cause)}`).not.toContain(secret)
  })

  it('stay out of what is said of other work', async () => {
    const store = await openStore({ url: 'postgres://127.0.0.1:1/db' })
    const away: unknown = await store.db.execute(sql`select ${secret}::text`).catch((error: unknown) => error)
    await store.close()
    expect(workErrorFromUnknown(away)).toMatchObject({
      code: 'storage',
      message: expect.not.stringContaining(secret),
    })
    expect(workErrorFromUnknown(new DrizzleQueryError('select 1', [], new Error('no')))).toMatchObject({
      code: 'internal',
      message: 'The database refused a statement: no.',
    })
    const defect = new RangeError('a job gives a result')
    expect(workErrorFromUnknown(defect)).toMatchObject({ code: 'internal', message: defect.message })
  })

  it('tell a Unix socket that is not there from a file that is not there', async () => {
    const store = await openStore({ url: 'postgres:///db?host=/no/such/folder' })
    const noSocket: unknown = await store.db.execute(sql`select 1`).catch((error: unknown) => error)
    await store.close()
    expect(isConnectionLost(noSocket)).toBe(true)
    expect(storeErrorFromUnknown(noSocket).message).toContain(
      'The database cannot be reached: connect ENOENT',
    )

    const noFile: unknown = await readFile('/no/such/predictions.parquet').catch((error: unknown) => error)
    expect(isConnectionLost(noFile)).toBe(false)
    expect(storeErrorFromUnknown(noFile, { doing: 'publishing', retry: 'when it is back' })).toMatchObject({
      code: 'storage',
      message: expect.stringMatching(/^A file cannot be used while publishing: ENOENT/),
      path: '/no/such/predictions.parquet',
      hint: expect.not.stringContaining('when it is back'),
    })
  })

  it('tell a Neon host that does not answer, of which a WebSocket speaks in events', async () => {
    const store = await openStore({ url: `postgres://u:${secret}@ep-none-1.invalid.neon.tech/db` })
    expect(store.driver).toBe('vercel')
    for (const ask of [
      () => store.db.execute(sql`select 1`),
      () => store.db.transaction(async (tx) => await tx.execute(sql`select 1`)),
    ]) {
      const thrown: unknown = await ask().catch((error: unknown) => error)
      expect(isConnectionLost(thrown)).toBe(true)
      expect(storeErrorFromUnknown(thrown)).toMatchObject({
        code: 'storage',
        message: expect.stringMatching(/^The database cannot be reached: .*ep-none-1/),
      })
    }
    await store.close()
    expect(isConnectionLost({ type: 'error', message: '' })).toBe(true)
  })

  it.each([
    ['28P01', 'storage', 'Correct DATABASE_URL'],
    ['3D000', 'storage', 'Create it'],
    ['42P01', 'storage', 'mate-bench db migrate'],
    ['53300', 'storage', 'Free some'],
    ['57P01', 'storage', 'mate-bench db where'],
    ['23505', 'internal', undefined],
  ] as const)('of Postgres %s are %s', (code, ours, hint) => {
    const error = storeErrorFromUnknown(Object.assign(new Error('what it says'), { code }))
    expect(error.code).toBe(ours)
    expect(error.message).toContain('what it says')
    if (hint !== undefined) expect(error.hint).toContain(hint)
  })

  it('take user and password out of a URL in a message', () => {
    expect(withoutSecrets(`bad postgres://me:${secret}@host/db`)).toBe('bad postgres://host/db')
  })
})

describe('withRetry', () => {
  const lost = () => Object.assign(new Error('gone'), { code: 'ECONNRESET' })

  it('does it again after a lost connection, as often as it may', async () => {
    let calls = 0
    const work = async () => {
      calls++
      if (calls < 3) throw lost()
      return calls
    }
    expect(await withRetry(work, { firstDelayMilliseconds: 1 })).toBe(3)
    calls = -10
    await expect(withRetry(work, { attempts: 2, firstDelayMilliseconds: 1 })).rejects.toThrow('gone')
    expect(calls).toBe(-8)
  })

  it('does a refused statement once', async () => {
    let calls = 0
    const work = async () => {
      calls++
      throw Object.assign(new Error('duplicate'), { code: '23505' })
    }
    await expect(withRetry(work)).rejects.toThrow('duplicate')
    expect(calls).toBe(1)
  })
})
