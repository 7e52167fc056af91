import { asc, sql } from 'drizzle-orm'
import type { Db } from '../drivers/db.ts'
import { entries, runs } from '../schema/index.ts'

/** Of an id that is shortened: what is left behind `entry_` and `run_`. */
const shortest = 6

/**
 * The entry or the run whose id begins with these hex digits. Of several it is the one that was published first, so that what is
 * published later takes no address away; undefined where there is none, or fewer than six digits are given.
 */
export async function findByShortId(
  db: Db,
  kind: 'entry' | 'run',
  digits: string,
): Promise<string | undefined> {
  if (!/^[0-9a-f]+$/.test(digits) || digits.length < shortest) return undefined
  const table = kind === 'entry' ? entries : runs
  const [found] = await db
    .select({ id: table.id })
    .from(table)
    .where(sql`starts_with(${table.id}, ${`${kind}_${digits}`})`)
    .orderBy(asc(table.publishedAt), asc(table.id))
    .limit(1)
  return found?.id
}
