import { fewestRankedSeeds } from '@mate-bench/stats'
import { and, asc, desc, eq, not, sql } from 'drizzle-orm'
import type { Transaction } from '../drivers/db.ts'
import { hasDisputedRun } from '../queries/verdicts.ts'
import { type BestExit, entries, exitResamples, specs } from '../schema/index.ts'

/**
 * The exit of a track with the highest mean top-1, of entries with several seeds where there are any; the cheapest of equal
 * ones. Null where every entry is disputed.
 */
export async function findBestExit(tx: Transaction, trackDigest: string): Promise<BestExit | null> {
  const [best] = await tx
    .select({
      entryId: exitResamples.entryId,
      name: specs.name,
      k: exitResamples.k,
      top1: exitResamples.mean,
      sequentialMacs: exitResamples.sequentialMacs,
      seeds: exitResamples.seeds,
    })
    .from(exitResamples)
    .innerJoin(entries, eq(entries.id, exitResamples.entryId))
    .innerJoin(specs, eq(specs.digest, entries.specDigest))
    .where(and(eq(exitResamples.trackDigest, trackDigest), not(hasDisputedRun(exitResamples.entryId))))
    .orderBy(
      desc(sql`${exitResamples.seeds} >= ${fewestRankedSeeds}`),
      desc(exitResamples.mean),
      asc(exitResamples.sequentialMacs),
      asc(exitResamples.entryId),
    )
    .limit(1)
  return best ?? null
}
