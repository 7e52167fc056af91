import type { Track } from '@mate-bench/schema'
import type { EntryAggregate, EntryIntervals } from '@mate-bench/stats'
import { asc, desc, eq, sql } from 'drizzle-orm'
import { unpackCorrect } from '../correct-bits.ts'
import type { Db } from '../drivers/db.ts'
import {
  entries,
  entryAggregates,
  exitResults,
  type RunTier,
  specs,
  trackAggregates,
  tracks,
} from '../schema/index.ts'

/** A track and how much is on it. */
export interface TrackSummary {
  readonly digest: string
  readonly document: Track
  readonly entries: number
  readonly runs: number
  /** By entry id, a share an exit; empty for tracks that are too large to tell. */
  readonly frontierShares: Readonly<Record<string, readonly number[]>>
  /** Changes whenever a run is published: what was computed for a version holds as long as it does. */
  readonly version: string
}

/** Every track with its size, in one query; tracks with most entries first. */
export async function trackSummaries(db: Db): Promise<TrackSummary[]> {
  const rows = await db
    .select({
      digest: tracks.digest,
      document: tracks.document,
      entries: trackAggregates.entries,
      runs: trackAggregates.runs,
      frontierShares: trackAggregates.frontierShares,
      publishedAt: trackAggregates.publishedAt,
    })
    .from(tracks)
    .innerJoin(trackAggregates, eq(trackAggregates.trackDigest, tracks.digest))
    .orderBy(desc(trackAggregates.entries), asc(tracks.dataset), asc(tracks.digest))
  return rows.map(({ publishedAt, ...row }) => ({
    ...row,
    version: `${row.runs}@${publishedAt.toISOString()}`,
  }))
}

/** An entry as its table needs it. */
export interface TrackTableRow {
  readonly entryId: string
  readonly method: string
  readonly backbone: string
  readonly head: string
  readonly tier: RunTier
  readonly backends: readonly string[]
  readonly publishedAt: Date
  readonly synthetic: boolean
  readonly aggregate: EntryAggregate
  readonly intervals: EntryIntervals
}

/** Columns of a `TrackTableRow`. */
export const tableRow = {
  entryId: entryAggregates.entryId,
  method: specs.method,
  backbone: specs.backbone,
  head: specs.head,
  tier: entryAggregates.tier,
  backends: entryAggregates.backends,
  publishedAt: entryAggregates.publishedAt,
  synthetic: entryAggregates.synthetic,
  aggregate: entryAggregates.aggregate,
  intervals: entryAggregates.intervals,
}

/** Every entry of a track, in one query. Rank their aggregates by `rankAggregates`. */
export async function trackTable(db: Db, trackDigest: string): Promise<TrackTableRow[]> {
  return await db
    .select(tableRow)
    .from(entryAggregates)
    .innerJoin(entries, eq(entries.id, entryAggregates.entryId))
    .innerJoin(specs, eq(specs.digest, entries.specDigest))
    .where(eq(entryAggregates.trackDigest, trackDigest))
}

/** One entry, without its rank; undefined where there is none of that id. */
export async function findTableRow(db: Db, entryId: string): Promise<TrackTableRow | undefined> {
  const [found] = await db
    .select(tableRow)
    .from(entryAggregates)
    .innerJoin(entries, eq(entries.id, entryAggregates.entryId))
    .innerJoin(specs, eq(specs.digest, entries.specDigest))
    .where(eq(entryAggregates.entryId, entryId))
  return found
}

/**
 * Who is right at the last exit of the first run of each entry: what a table needs besides, where an entry of it has
 * one seed.
 *
 * @returns [N] by run id
 */
export async function firstRunBits(
  db: Db,
  aggregates: readonly EntryAggregate[],
): Promise<ReadonlyMap<string, Uint8Array>> {
  const wanted = aggregates.flatMap(({ runs: [first], exits, images }) =>
    first ? [{ runId: first.runId, k: exits.length, images }] : [],
  )
  if (wanted.length === 0) return new Map()
  const keys = JSON.stringify(wanted.map(({ runId, k }) => ({ run_id: runId, k })))
  // The limit makes each a look-up by the primary key, where a join would read all exits of all tracks.
  const found = await db.execute<{ run_id: string; correct: Uint8Array }>(sql`
    select wanted.run_id, found.correct
    from json_to_recordset(${keys}::json) as wanted(run_id text, k int)
    cross join lateral (
      select ${exitResults.correct} as correct from ${exitResults}
      where ${exitResults.runId} = wanted.run_id and ${exitResults.k} = wanted.k limit 1
    ) as found`)
  const images = new Map(wanted.map(({ runId, images }) => [runId, images]))
  return new Map(
    found.rows.map(({ run_id, correct }) => [run_id, unpackCorrect(correct, images.get(run_id) ?? 0)]),
  )
}
