import { readFileSync } from 'node:fs'
import { generateDrizzleJson, generateMigration } from 'drizzle-kit/api'
import { sql } from 'drizzle-orm'
import { afterEach, describe, expect, it } from 'vitest'
import { openStore } from './drivers/open-store.ts'
import { migrate, migrationStatus } from './migrate.ts'
import * as schema from './schema/index.ts'
import { openTestStore, type TestStore, testDrivers } from './testing/test-store.ts'

let store: TestStore | undefined
afterEach(async () => {
  await store?.close()
  store = undefined
})

describe.each(testDrivers)('migrate through %s', (driver) => {
  it('is safe for several migrators at once', async () => {
    store = await openTestStore(driver, { empty: true })
    const { url } = store
    expect((await migrationStatus(store.db)).applied).toBe(0)
    const others = await Promise.all([1, 2, 3].map(() => openStore({ url })))
    const applied = await Promise.all([store, ...others].map(({ db }) => migrate(db)))
    await Promise.all(others.map((other) => other.close()))
    const { known, applied: now } = await migrationStatus(store.db)
    expect(applied.sort()).toEqual([0, 0, 0, known])
    expect(now).toBe(known)
  })

  it('leaves nothing behind where one statement fails', async () => {
    store = await openTestStore(driver, { empty: true })
    // The last table of the first migration is in the way.
    await store.db.execute(sql`create table tracks (digest text)`)
    await expect(migrate(store.db)).rejects.toThrow(/tracks/)
    const { rows } = await store.db.execute(sql`select 1 from pg_tables where tablename = 'runs'`)
    expect(rows).toEqual([])
    expect((await migrationStatus(store.db)).applied).toBe(0)
  })
})

describe('the committed migrations', () => {
  it('lead to the tables that the code describes', async () => {
    const journal = JSON.parse(read('meta/_journal.json')) as { entries: { idx: number }[] }
    const last = String(journal.entries.at(-1)?.idx).padStart(4, '0')
    const committed = JSON.parse(read(`meta/${last}_snapshot.json`))
    const described = generateDrizzleJson(schema, committed.id)
    // Mend with `npm run generate-migration -w packages/store -- --name WHAT`.
    expect(await generateMigration(committed, described)).toEqual([])
  })
})

function read(file: string): string {
  return readFileSync(new URL(`../migrations/${file}`, import.meta.url), 'utf8')
}
