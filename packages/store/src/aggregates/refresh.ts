import { aggregateEntry, aggregateVersion, resampleEntry, selectRuns } from '@mate-bench/stats'
import { and, asc, count, eq, inArray, max, not, type SQL, sql } from 'drizzle-orm'
import type { Db, Transaction } from '../drivers/db.ts'
import { isWithdrawn } from '../ledger/seed-standing.ts'
import { entryRuns, type StoredRun } from '../queries/entry-runs.ts'
import { isDisputed } from '../queries/verdicts.ts'
import {
  entries,
  entryAggregates,
  exitResamples,
  runs,
  tiers,
  trackAggregates,
  tracks,
} from '../schema/index.ts'
import { findBestExit } from './best-exit.ts'
import { keepResamples, readFrontierShares } from './frontier.ts'
import { keepImageSums } from './image-sums.ts'

/** The firmness of what nobody measured is rough: true resampling would take a quarter of an hour for 2,000 entries. */
const syntheticResamples = 100

/** How often the runs of an entry are resampled. Synthetic ones are never on a track with others. */
export function resamplingOf(synthetic: boolean): { readonly resamples?: number } {
  return synthetic ? { resamples: syntheticResamples } : {}
}

/**
 * Holds a track until the transaction ends. Whoever adds a run to it takes this first: each then sees the runs of
 * those before when it computes the aggregates.
 */
export async function lockTrack(tx: Transaction, trackDigest: string): Promise<void> {
  // Not for update: rows that refer to the track may still be written meanwhile.
  await tx
    .select({ digest: tracks.digest })
    .from(tracks)
    .where(eq(tracks.digest, trackDigest))
    .for('no key update')
}

/** Computes what tables show of these entries, and of the track that they are on. */
export async function refreshAggregates(
  tx: Transaction,
  trackDigest: string,
  entryIds: readonly string[],
): Promise<void> {
  for (const entryId of entryIds) await refreshEntry(tx, trackDigest, entryId)
  await refreshTrack(tx, trackDigest)
}

/**
 * Of every entry whose aggregates are not those of its runs, as this version computes them, and of their tracks.
 *
 * Each is a transaction, so that nobody who publishes waits for more than one entry. Where this is interrupted the next
 * call goes on; until then a track may miss, and an entry may have what another version made of it.
 */
export async function refreshStale(db: Db): Promise<void> {
  for (const { id, trackDigest } of await staleEntries(db)) {
    await db.transaction(async (tx) => {
      await lockTrack(tx, trackDigest)
      // Another may have done it meanwhile.
      if ((await staleEntries(tx, id)).length > 0) await refreshEntry(tx, trackDigest, id)
    })
  }
  for (const trackDigest of await staleTracks(db)) {
    await db.transaction(async (tx) => {
      await lockTrack(tx, trackDigest)
      if ((await staleTracks(tx, trackDigest)).length > 0) await refreshTrack(tx, trackDigest)
    })
  }
}

/** @param id of one entry; default: all */
async function staleEntries(db: Db, id?: string): Promise<{ id: string; trackDigest: string }[]> {
  return await db
    .select({ id: entries.id, trackDigest: entries.trackDigest })
    .from(entries)
    .leftJoin(entryAggregates, eq(entryAggregates.entryId, entries.id))
    .where(
      and(
        id === undefined ? undefined : eq(entries.id, id),
        sql`(${entryAggregates.madeOf} is distinct from ${madeOf(entries.id)}
          or ${entryAggregates.version} is distinct from ${aggregateVersion})`,
      ),
    )
    .orderBy(asc(entries.trackDigest), asc(entries.id))
}

/** @param trackDigest of one track; default: all */
async function staleTracks(db: Db, trackDigest?: string): Promise<string[]> {
  const stale = await db
    .select({ digest: entryAggregates.trackDigest })
    .from(entryAggregates)
    .leftJoin(trackAggregates, eq(trackAggregates.trackDigest, entryAggregates.trackDigest))
    .where(trackDigest === undefined ? undefined : eq(entryAggregates.trackDigest, trackDigest))
    .groupBy(entryAggregates.trackDigest, trackAggregates.version)
    .having(sql`${trackAggregates.version} is distinct from ${trackVersion}`)
    .orderBy(asc(entryAggregates.trackDigest))
  return stale.map(({ digest }) => digest)
}

/** Of the aggregates of a track's entries. */
const trackVersion = sql<string>`md5(string_agg(${entryAggregates.madeOf} || ${entryAggregates.version}, ',' order by ${entryAggregates.madeOf}))`

/** Of the runs of an entry, how far each has been checked, and whether it counts or is disputed. */
function madeOf(entryId: SQL | typeof entries.id): SQL<string> {
  return sql<string>`(
    select md5(string_agg(concat_ws(' ', ${runs.id}, ${runs.tier}, ${runs.synthetic}, case when ${isWithdrawn} then 'withdrawn' end, case when ${isDisputed} then 'disputed' end), ',' order by ${runs.id} collate "C"))
    from ${runs} where ${runs.entryId} = ${entryId})`
}

async function refreshEntry(tx: Transaction, trackDigest: string, entryId: string): Promise<void> {
  const all = await entryRuns(tx, [entryId])
  if (all.length === 0) {
    // Every run of it was withdrawn: it is in no table any more, and its page says why.
    await tx.delete(exitResamples).where(eq(exitResamples.entryId, entryId))
    await tx.delete(entryAggregates).where(eq(entryAggregates.entryId, entryId))
    return
  }
  const selected = selectRuns(all)
  const counted = selected.runs
  const synthetic = all.some((run) => run.synthetic)
  const top1 = resampleEntry(counted, resamplingOf(synthetic))
  const aggregate = aggregateEntry(selected)
  const row = {
    tier: tiers.find((tier) => counted.some((run) => run.tier === tier)) as StoredRun['tier'],
    backends: [...new Set(counted.map(({ backend }) => backend))].sort(),
    synthetic,
    publishedAt: new Date(Math.max(...all.map(({ publishedAt }) => publishedAt.getTime()))),
    madeOf: madeOf(sql`${entryId}`),
    version: aggregateVersion,
    aggregate,
  }
  await tx
    .insert(entryAggregates)
    .values({ entryId, trackDigest, ...row })
    .onConflictDoUpdate({ target: entryAggregates.entryId, set: row })
  await tx.update(entries).set({ specDigest: aggregate.specDigest }).where(eq(entries.id, entryId))
  await keepResamples(tx, {
    ...{ entryId, trackDigest, top1 },
    exits: aggregate.exits,
    seeds: aggregate.runs.length,
  })
  await keepImageSums(tx, { entryId, runs: counted })
}

async function refreshTrack(tx: Transaction, trackDigest: string): Promise<void> {
  const ofTrack = eq(entryAggregates.trackDigest, trackDigest)
  const [size] = await tx
    .select({
      entries: count(entryAggregates.entryId),
      version: trackVersion,
      changedAt: max(entryAggregates.publishedAt),
    })
    .from(entryAggregates)
    .where(ofTrack)
  if (!size?.changedAt) {
    await tx.delete(trackAggregates).where(eq(trackAggregates.trackDigest, trackDigest))
    return
  }
  const ids = tx.select({ id: entryAggregates.entryId }).from(entryAggregates).where(ofTrack)
  const [held] = await tx
    .select({ runs: count(runs.id) })
    .from(runs)
    .where(and(inArray(runs.entryId, ids), not(isWithdrawn)))
  const row = {
    ...size,
    changedAt: size.changedAt,
    best: await findBestExit(tx, trackDigest),
    runs: held?.runs ?? 0,
    frontierShares: await readFrontierShares(tx, trackDigest),
  }
  await tx
    .insert(trackAggregates)
    .values({ trackDigest, ...row })
    .onConflictDoUpdate({ target: trackAggregates.trackDigest, set: row })
}
