import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { digestJson } from '@mate-bench/provenance'
import { BenchError } from '@mate-bench/schema'
import { sql } from 'drizzle-orm'
import { readMigrationFiles } from 'drizzle-orm/migrator'
import journal from '../migrations/meta/_journal.json' with { type: 'json' }
import { refreshStale } from './aggregates/refresh.ts'
import { regroupEntries } from './aggregates/regroup.ts'
import type { Db, Transaction } from './drivers/db.ts'
import { storeErrorFromUnknown } from './drivers/store-error.ts'

/** Any number, as long as it is always this one. */
const migrationLock = 7_283_746_521

// Joined rather than `new URL(…, import.meta.url)`, which bundlers take for a file to bundle.
const migrationsFolder = join(dirname(fileURLToPath(import.meta.url)), '..', 'migrations')

export interface MigrationStatus {
  /** Migrations that this version brings. */
  readonly known: number
  readonly applied: number
  /** Migrations of a newer version, which this one does not know: it must not be used with this database. */
  readonly ahead: number
}

/** Tells sets of migrations apart. */
export function migrationsDigest(): string {
  const hashes = readMigrationFiles({ migrationsFolder }).map(({ hash }) => hash)
  return digestJson(hashes).slice('sha256:'.length)
}

/**
 * Brings the tables to this version. That happens in one transaction under an advisory lock, so that any number of
 * processes may call it at once, also through a pooler that gives each transaction another connection (where a lock of
 * the session would be lost). The bookkeeping is drizzle's own. Aggregates that are not those of the runs are computed
 * again afterwards, since tables that have been changed are closed to everybody until their transaction ends.
 *
 * @returns how many migrations were applied
 * @throws BenchError `conflict` for a database of a newer version, `storage`
 */
export async function migrate(db: Db): Promise<number> {
  const migrations = readMigrationFiles({ migrationsFolder })
  try {
    const applied = await db.transaction(async (tx) => {
      await takeLock(tx)
      await tx.execute(sql`create schema if not exists drizzle`)
      await tx.execute(
        sql`create table if not exists drizzle.__drizzle_migrations (id serial primary key, hash text not null, created_at bigint)`,
      )
      const { applied: present, last, ahead } = await appliedMigrations(tx)
      if (ahead > 0) throw tooNew(present, ahead)
      const missing = migrations.filter(({ folderMillis }) => folderMillis > last)
      for (const { sql: statements, hash, folderMillis } of missing) {
        for (const statement of statements) await tx.execute(sql.raw(statement))
        await tx.execute(
          sql`insert into drizzle.__drizzle_migrations (hash, created_at) values (${hash}, ${folderMillis})`,
        )
      }
      if (missing.length > 0) await regroupEntries(tx)
      return missing.length
    })
    await refreshStale(db)
    return applied
  } catch (thrown) {
    throw storeErrorFromUnknown(thrown, {
      doing: 'preparing its tables',
      retry: 'Nothing is half done: run `mate-bench db migrate` again, which goes on from there.',
    })
  }
}

/** Asks again and again: waiting inside the server, for whoever changes large tables, would look like a lost connection. */
async function takeLock(tx: Transaction): Promise<void> {
  for (;;) {
    const { rows } = await tx.execute<{ taken: boolean }>(
      sql`select pg_try_advisory_xact_lock(${migrationLock}) as taken`,
    )
    if (rows[0]?.taken) return
    await sleep(100)
  }
}

function tooNew(applied: number, ahead: number): BenchError {
  return new BenchError({
    code: 'conflict',
    message: `The database is of a newer version of MATE Bench: it has ${applied + ahead} migrations, this version knows ${applied}.`,
    path: 'DATABASE_URL',
    hint: 'Update MATE Bench to the version that changed the database, or use another database: DATABASE_URL, or MATE_BENCH_DB with a new folder.',
  })
}

/** How far the tables are; a database without any is at 0. */
export async function migrationStatus(db: Db): Promise<MigrationStatus> {
  try {
    const { rows } = await db.execute<{ present: boolean }>(
      sql`select to_regclass('drizzle.__drizzle_migrations') is not null as present`,
    )
    const { applied, ahead } =
      rows[0]?.present === true ? await appliedMigrations(db) : { applied: 0, ahead: 0 }
    return { known: journal.entries.length, applied, ahead }
  } catch (thrown) {
    throw storeErrorFromUnknown(thrown)
  }
}

interface Applied {
  readonly applied: number
  readonly ahead: number
  /** Time stamp of the newest. */
  readonly last: number
}

/** The journal is part of the program: a deployed site asks this and has no folder of migrations. */
async function appliedMigrations(db: Pick<Db, 'execute'>): Promise<Applied> {
  // A bigint comes as text.
  const { rows } = await db.execute<{ at: string }>(
    sql`select created_at::text as at from drizzle.__drizzle_migrations`,
  )
  const times = rows.map(({ at }) => Number(at))
  const last = Math.max(0, ...times)
  const newest = Math.max(...journal.entries.map(({ when }) => when))
  return {
    applied: journal.entries.filter(({ when }) => when <= last).length,
    ahead: times.filter((at) => at > newest).length,
    last,
  }
}
