import { lt } from 'drizzle-orm'
import type { Db } from '../drivers/db.ts'
import { idempotencyKeys, rateLimits } from '../schema/index.ts'

/** Drops what has had its time: buckets that are full again, which are as good as none, and answers kept for long enough. */
export async function sweepExpired(db: Db, now = new Date()): Promise<void> {
  await db.delete(rateLimits).where(lt(rateLimits.fullAt, now))
  await db.delete(idempotencyKeys).where(lt(idempotencyKeys.expiresAt, now))
}
