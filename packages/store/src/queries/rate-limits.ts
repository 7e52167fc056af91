import { eq, sql } from 'drizzle-orm'
import type { Db } from '../drivers/db.ts'
import { rateLimits } from '../schema/index.ts'

export interface RateLimit {
  /** How many at once. */
  readonly burst: number
  /** How fast the allowance comes back. */
  readonly perMinute: number
}

export type RateCheck =
  | { readonly allowed: true; readonly remaining: number }
  | { readonly allowed: false; readonly retryAfterSeconds: number }

/**
 * Takes one from the bucket `key`, by the generic cell rate algorithm (GCRA, ITU-T I.371): all it keeps of a bucket
 * is when it would be full again. One upsert decides, under the row's lock, so that any number of servers together
 * let exactly `burst` pass.
 */
export async function takeFromBucket(
  db: Db,
  key: string,
  { burst, perMinute }: RateLimit,
  now: Date,
): Promise<RateCheck> {
  const interval = 60_000 / perMinute
  const at = now.toISOString()
  // full_at after this request, were it let through
  const next = sql`greatest(${rateLimits.fullAt}, ${at}::timestamptz) + make_interval(secs => ${interval / 1000}::float8)`
  const latest = new Date(now.getTime() + burst * interval).toISOString()
  const [row] = await db
    .insert(rateLimits)
    .values({ key, fullAt: new Date(now.getTime() + interval) })
    .onConflictDoUpdate({
      target: rateLimits.key,
      set: { fullAt: next },
      setWhere: sql`${next} <= ${latest}::timestamptz`,
    })
    .returning({ fullAt: rateLimits.fullAt })
  if (row) {
    const used = Math.ceil((row.fullAt.getTime() - now.getTime()) / interval)
    return { allowed: true, remaining: Math.max(0, burst - used) }
  }
  const [full] = await db.select().from(rateLimits).where(eq(rateLimits.key, key))
  const wait = (full?.fullAt.getTime() ?? now.getTime()) - now.getTime() - (burst - 1) * interval
  return { allowed: false, retryAfterSeconds: Math.max(1, Math.ceil(wait / 1000)) }
}
