import { BenchError } from '@mate-bench/schema'
import { eq, sql } from 'drizzle-orm'
import type { Transaction } from '../drivers/db.ts'
import { runs } from '../schema/index.ts'

/**
 * Made-up runs and runs that somebody trained are never in one database. Called before a run is written: it holds the
 * table so that nobody writes one of the other kind until the transaction ends. Trained runs may be written by several
 * at once, made-up ones by nobody beside.
 *
 * @throws BenchError `conflict` for a database that holds a run of the other kind
 */
export async function keepApart(tx: Transaction, synthetic: boolean): Promise<void> {
  const mode = sql.raw(synthetic ? 'share row exclusive' : 'row exclusive')
  await tx.execute(sql`lock table ${runs} in ${mode} mode`)
  const [other] = await tx.select({ id: runs.id }).from(runs).where(eq(runs.synthetic, !synthetic)).limit(1)
  if (!other) return
  throw new BenchError({
    code: 'conflict',
    message: synthetic
      ? 'The database holds runs that somebody trained; made-up ones are never put beside them.'
      : 'The database holds made-up runs, for load tests; runs that somebody trained are never put beside them.',
    path: other.id,
    hint: 'Use another database: set MATE_BENCH_DB to a new folder, or DATABASE_URL to an empty database.',
  })
}
