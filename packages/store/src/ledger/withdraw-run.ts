import { eq } from 'drizzle-orm'
import { lockTrack, refreshAggregates } from '../aggregates/refresh.ts'
import type { Db } from '../drivers/db.ts'
import { entries, runs } from '../schema/index.ts'
import { recordWithdrawal } from './run-events.ts'

/**
 * Withdraws a run: it counts in no table from now on, and a tombstone with the reason stays in the ledger and on its page,
 * with everything that was published of it.
 *
 * @returns the event's place in the ledger
 * @throws BenchError `not-found`, `conflict`
 */
export async function withdrawRun(
  db: Db,
  runId: string,
  { reason, now }: { readonly reason: string; readonly now?: Date | undefined },
): Promise<number> {
  return await db.transaction(async (tx) => {
    const [run] = await tx
      .select({ entryId: runs.entryId, trackDigest: entries.trackDigest })
      .from(runs)
      .innerJoin(entries, eq(entries.id, runs.entryId))
      .where(eq(runs.id, runId))
    if (run) await lockTrack(tx, run.trackDigest)
    const index = await recordWithdrawal(tx, runId, reason, now)
    if (run) await refreshAggregates(tx, run.trackDigest, [run.entryId])
    return index
  })
}
