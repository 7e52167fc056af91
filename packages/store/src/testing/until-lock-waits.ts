import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import type { Db } from '../drivers/db.ts'

/**
 * Resolves once somebody waits for a lock in this database: what a test then does happens in the middle of their work.
 *
 * @throws Error where nobody does within 30 seconds
 */
export async function untilLockWaits(db: Db): Promise<void> {
  const end = performance.now() + 30_000
  while (performance.now() < end) {
    const { rows } = await db.execute(
      sql`select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    )
    if (rows.length > 0) return
    await sleep(20)
  }
  throw new Error('Nobody came to wait for a lock of this database.')
}
