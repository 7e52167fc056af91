import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
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

describe('migrate', () => {
  it('does not wait inside the server for another that migrates', async () => {
    store = await openTestStore()
    const { db } = store
    let migrated: Promise<number> | undefined
    await db.transaction(async (tx) => {
      await tx.execute(sql`select pg_advisory_xact_lock(7283746521)`)
      migrated = migrate(db)
      await sleep(300)
      const { rows } = await db.execute(
        sql`select wait_event_type from pg_stat_activity where datname = current_database() and wait_event = 'advisory'`,
      )
      expect(rows).toEqual([])
      expect(await Promise.race([migrated, sleep(100, 'goes on trying')])).toBe('goes on trying')
    })
    expect(await migrated).toBe(0)
  })

  it('leaves a database of a newer version alone, and the status says so', async () => {
    store = await openTestStore()
    expect(await migrationStatus(store.db)).toMatchObject({ ahead: 0 })
    await store.db.execute(
      sql`insert into drizzle.__drizzle_migrations (hash, created_at) select 'newer', max(created_at) + 1 from drizzle.__drizzle_migrations`,
    )
    const { known, applied, ahead } = await migrationStatus(store.db)
    expect([applied, ahead]).toEqual([known, 1])
    await expect(migrate(store.db)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining(`has ${known + 1} migrations, this version knows ${known}`),
      hint: expect.stringContaining('Update MATE Bench'),
    })
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
