import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { digestJson } from '@mate-bench/provenance'
import { sql } from 'drizzle-orm'
import { readMigrationFiles } from 'drizzle-orm/migrator'
import journal from '../migrations/meta/_journal.json' with { type: 'json' }
import { refreshStale } from './aggregates/refresh.ts'
import type { Db } from './drivers/db.ts'
import { storeErrorFromUnknown } from './drivers/store-error.ts'

/** Any number, as long as it is always this one. */
const migrationLock = 7_283_746_521

// Joined rather than `new URL(…, import.meta.url)`, which bundlers take for a file to bundle.
const migrationsFolder = join(dirname(fileURLToPath(import.meta.url)), '..', 'migrations')

export interface MigrationStatus {
  /** Migrations that this version brings. */
  readonly known: number
  readonly applied: number
}

/** Tells sets of migrations apart. */
export function migrationsDigest(): string {
  const hashes = readMigrationFiles({ migrationsFolder }).map(({ hash }) => hash)
  return digestJson(hashes).slice('sha256:'.length)
}

/**
 * Brings the tables to this version. Everything happens in one transaction under an advisory lock, so that any
 * number of processes may call it at once, also through a pooler that gives each transaction another connection
 * (where a lock of the session would be lost). The bookkeeping is drizzle's own. Aggregates that are not those of the runs
 * are computed again.
 *
 * @returns how many migrations were applied
 * @throws BenchError `storage`
 */
export async function migrate(db: Db): Promise<number> {
  const migrations = readMigrationFiles({ migrationsFolder })
  try {
    return await db.transaction(async (tx) => {
      await tx.execute(sql`select pg_advisory_xact_lock(${migrationLock})`)
      await tx.execute(sql`create schema if not exists drizzle`)
      await tx.execute(
        sql`create table if not exists drizzle.__drizzle_migrations (id serial primary key, hash text not null, created_at bigint)`,
      )
      const last = await lastApplied(tx)
      const missing = migrations.filter(({ folderMillis }) => folderMillis > last)
      for (const { sql: statements, hash, folderMillis } of missing) {
        for (const statement of statements) await tx.execute(sql.raw(statement))
        await tx.execute(
          sql`insert into drizzle.__drizzle_migrations (hash, created_at) values (${hash}, ${folderMillis})`,
        )
      }
      await refreshStale(tx)
      return missing.length
    })
  } catch (thrown) {
    throw storeErrorFromUnknown(thrown, {
      doing: 'preparing its tables',
      retry: 'Nothing was changed: run `mate-bench db migrate` again.',
    })
  }
}

/** How far the tables are; a database without any is at 0. */
export async function migrationStatus(db: Db): Promise<MigrationStatus> {
  try {
    const { rows } = await db.execute<{ present: boolean }>(
      sql`select to_regclass('drizzle.__drizzle_migrations') is not null as present`,
    )
    const last = rows[0]?.present === true ? await lastApplied(db) : 0
    // The journal is part of the program: a deployed site asks this and has no folder of migrations.
    const applied = journal.entries.filter(({ when }) => when <= last).length
    return { known: journal.entries.length, applied }
  } catch (thrown) {
    throw storeErrorFromUnknown(thrown)
  }
}

/** Time stamp of the newest migration; a bigint comes as text. */
async function lastApplied(db: Pick<Db, 'execute'>): Promise<number> {
  const { rows } = await db.execute<{ last: string | null }>(
    sql`select max(created_at)::text as last from drizzle.__drizzle_migrations`,
  )
  return Number(rows[0]?.last ?? 0)
}
