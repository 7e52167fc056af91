import { eq } from 'drizzle-orm'
import { lockTrack, refreshAggregates } from '../aggregates/refresh.ts'
import type { Db, Transaction } from '../drivers/db.ts'
import { entries, runs } from '../schema/index.ts'
import { recordWithdrawal } from './run-events.ts'

/**
 * Withdraws a run: it counts in no table from now on, and a tombstone with the reason stays in the ledger and on its page,
 * with everything that was published of it.
 *
 * @returns the event's place in the ledger
 * @throws BenchError `not-found`, `conflict`
 */
export async function withdrawRun(db: Db, runId: string, withdrawal: Withdrawal): Promise<number> {
  try {
    return await withdrawOnce(db, runId, withdrawal)
  } catch (thrown) {
    if (!(thrown instanceof PublishedMeanwhile)) throw thrown
    // It is there now, so its track is held first.
    return await withdrawOnce(db, runId, withdrawal)
  }
}

interface Withdrawal {
  readonly reason: string
  readonly now?: Date | undefined
}

/** The run was published while its withdrawal waited for the ledger. */
class PublishedMeanwhile extends Error {}

async function withdrawOnce(db: Db, runId: string, { reason, now }: Withdrawal): Promise<number> {
  return await db.transaction(async (tx) => {
    const run = await placeOf(tx, runId)
    if (run) await lockTrack(tx, run.trackDigest)
    const index = await recordWithdrawal(tx, runId, reason, now)
    if (run) await refreshAggregates(tx, run.trackDigest, [run.entryId])
    // Its track can't be held now: whoever publishes takes the track before the ledger, and each would wait for the other.
    else if (await placeOf(tx, runId)) throw new PublishedMeanwhile(runId)
    return index
  })
}

async function placeOf(tx: Transaction, runId: string) {
  const [run] = await tx
    .select({ entryId: runs.entryId, trackDigest: entries.trackDigest })
    .from(runs)
    .innerJoin(entries, eq(entries.id, runs.entryId))
    .where(eq(runs.id, runId))
  return run
}
