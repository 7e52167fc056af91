import { eq, inArray, sql } from 'drizzle-orm'
import type { Db } from '../drivers/db.ts'
import { submissions } from '../schema/index.ts'

/**
 * How many submissions of the same launcher are before each of those that wait in its queue; others are left out.
 * One statement, whatever the number of ids.
 */
export async function placesInQueue(db: Db, ids: readonly string[]): Promise<ReadonlyMap<string, number>> {
  if (ids.length === 0) return new Map()
  const { id, launcher, state, updatedAt } = submissions
  const before = sql<number>`(row_number() over (partition by ${launcher} order by ${updatedAt}, ${id}) - 1)::int`
  const queued = db
    .select({ id, before: before.as('before') })
    .from(submissions)
    .where(eq(state, 'queued'))
    .as('queued')
  const rows = await db
    .select()
    .from(queued)
    .where(inArray(queued.id, [...ids]))
  return new Map(rows.map((row) => [row.id, row.before]))
}
