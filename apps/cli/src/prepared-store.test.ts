import { readFileSync } from 'node:fs'
import { sql } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { withStore } from './prepared-store.ts'

const before = process.env.DATABASE_URL
beforeEach(() => {
  // Nobody listens there.
  process.env.DATABASE_URL = 'postgres://ada:correct-horse@127.0.0.1:9/bench'
})
afterEach(() => {
  if (before === undefined) delete process.env.DATABASE_URL
  else process.env.DATABASE_URL = before
})

describe('a command whose database is away', () => {
  it.each([
    ['a question', async () => await withStore(async ({ db }) => await db.execute(sql`select 1 as secret`))],
    ['a transaction', async () => await withStore(async ({ db }) => await db.transaction(async () => {}))],
  ])('says so for %s, without statement or password', async (_, command) => {
    const error = await command().catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({
      code: 'storage',
      message: 'The database cannot be reached: connect ECONNREFUSED 127.0.0.1:9.',
    })
    expect(JSON.stringify(error)).not.toMatch(/secret|correct-horse/)
  })
})

describe('a command that fails otherwise', () => {
  it.each([
    ['a missing file', () => readFileSync('no/such/file'), { code: 'ENOENT' }],
    ['a defect', () => Reflect.get(Object(undefined), 'a').b, expect.any(TypeError)],
  ])('keeps what was thrown for %s', async (_, act, expected) => {
    await expect(withStore(async () => act())).rejects.toMatchObject(expected)
  })
})
