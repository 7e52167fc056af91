import { aggregateEntry, entryIntervals, frontierShares, selectRuns } from '@mate-bench/stats'
import { count, eq, max, sql } from 'drizzle-orm'
import type { Transaction } from '../drivers/db.ts'
import { entryRuns, type StoredRun } from '../queries/entry-runs.ts'
import { entries, entryAggregates, runs, tiers, trackAggregates, tracks } from '../schema/index.ts'

/** Beyond it the shares would take longer than a publisher likes to wait. */
const mostForFrontierShares = 40

export interface RefreshOptions {
  /** Fewer than the usual for data that nobody measured. */
  readonly resamples?: number | undefined
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
  { resamples }: RefreshOptions = {},
): Promise<void> {
  for (const entryId of entryIds) {
    const all = await entryRuns(tx, [entryId])
    if (all.length === 0) continue
    const row = aggregateRow(all, resamples)
    await tx
      .insert(entryAggregates)
      .values({ entryId, trackDigest, ...row })
      .onConflictDoUpdate({ target: entryAggregates.entryId, set: row })
  }
  await refreshTrack(tx, trackDigest)
}

/** Of every track whose aggregates are not those of its runs: written by an older version, which knew of none. */
export async function refreshStale(tx: Transaction): Promise<void> {
  const size = tx
    .select({ digest: entries.trackDigest, held: count(runs.id).as('held') })
    .from(runs)
    .innerJoin(entries, eq(entries.id, runs.entryId))
    .groupBy(entries.trackDigest)
    .as('size')
  const stale = await tx
    .select({ digest: size.digest })
    .from(size)
    .leftJoin(trackAggregates, eq(trackAggregates.trackDigest, size.digest))
    .where(sql`${trackAggregates.runs} is distinct from size.held`)
  for (const { digest } of stale) {
    await lockTrack(tx, digest)
    const own = await tx.select({ id: entries.id }).from(entries).where(eq(entries.trackDigest, digest))
    await refreshAggregates(
      tx,
      digest,
      own.map(({ id }) => id),
    )
  }
}

function aggregateRow(all: readonly StoredRun[], resamples: number | undefined) {
  const selected = selectRuns(all)
  const [intervals] = entryIntervals([selected], resamples === undefined ? {} : { resamples })
  if (!intervals) throw new RangeError('an entry without intervals')
  const counted = selected.runs
  return {
    tier: tiers.find((tier) => counted.some((run) => run.tier === tier)) as StoredRun['tier'],
    backends: [...new Set(counted.map(({ backend }) => backend))].sort(),
    synthetic: all.some(({ synthetic }) => synthetic),
    publishedAt: new Date(Math.max(...all.map(({ publishedAt }) => publishedAt.getTime()))),
    aggregate: aggregateEntry(selected),
    intervals,
  }
}

async function refreshTrack(tx: Transaction, trackDigest: string): Promise<void> {
  const [size] = await tx
    .select({ runs: count(runs.id), publishedAt: max(runs.publishedAt) })
    .from(runs)
    .innerJoin(entries, eq(entries.id, runs.entryId))
    .where(eq(entries.trackDigest, trackDigest))
  if (!size?.publishedAt) return
  const own = await tx.select({ id: entries.id }).from(entries).where(eq(entries.trackDigest, trackDigest))
  const row = {
    entries: own.length,
    runs: size.runs,
    publishedAt: size.publishedAt,
    frontierShares: own.length > mostForFrontierShares ? {} : await sharesOf(tx, own),
  }
  await tx
    .insert(trackAggregates)
    .values({ trackDigest, ...row })
    .onConflictDoUpdate({ target: trackAggregates.trackDigest, set: row })
}

async function sharesOf(
  tx: Transaction,
  own: readonly { readonly id: string }[],
): Promise<Record<string, readonly number[]>> {
  const all = await entryRuns(
    tx,
    own.map(({ id }) => id),
  )
  // In one order, so that the shares do not depend on the order in which entries came.
  const ids = [...new Set(all.map(({ entryId }) => entryId))].sort()
  const points = ids.map((id) => {
    const selected = selectRuns(all.filter(({ entryId }) => entryId === id))
    const { specDigest, exits } = aggregateEntry(selected)
    return { specDigest, exits: exits.map((exit) => ({ ...exit, onFrontier: false })), runs: selected.runs }
  })
  const shares = frontierShares(points)
  return Object.fromEntries(ids.map((id, i) => [id, shares[i] ?? []]))
}
