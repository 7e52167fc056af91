import type { Track } from '@mate-bench/schema'
import type { EntryAggregate, EntryIntervals } from '@mate-bench/stats'
import { asc, desc, eq, sql } from 'drizzle-orm'
import { unpackCorrect } from '../correct-bits.ts'
import type { Db } from '../drivers/db.ts'
import {
  ensembleK,
  entries,
  entryAggregates,
  exitResults,
  type RunTier,
  specs,
  trackAggregates,
  tracks,
} from '../schema/index.ts'
import { hasDisputedRun } from './verdicts.ts'

/** A track and how much is on it. */
export interface TrackSummary {
  readonly digest: string
  readonly document: Track
  readonly entries: number
  readonly runs: number
  /** By entry id, a share an exit; without the entries that are on the frontier in no resample. */
  readonly frontierShares: Readonly<Record<string, readonly number[]>>
  /** Changes with the runs and the statistics: what was computed for a version holds as long as it does. */
  readonly version: string
}

/** Every track with its size, in one query; tracks with most entries first. */
export async function trackSummaries(db: Db): Promise<TrackSummary[]> {
  return await db
    .select({
      digest: tracks.digest,
      document: tracks.document,
      entries: trackAggregates.entries,
      runs: trackAggregates.runs,
      frontierShares: trackAggregates.frontierShares,
      version: trackAggregates.version,
    })
    .from(tracks)
    .innerJoin(trackAggregates, eq(trackAggregates.trackDigest, tracks.digest))
    .orderBy(desc(trackAggregates.entries), asc(tracks.dataset), asc(tracks.digest))
}

/** An entry as its table needs it. */
export interface TrackTableRow {
  readonly entryId: string
  readonly method: string
  readonly backbone: string
  readonly head: string
  readonly tier: RunTier
  readonly backends: readonly string[]
  /** When the latest of its runs was published. */
  readonly updatedAt: Date
  readonly synthetic: boolean
  /** Whether a check disputes one of its runs: it has no rank until somebody has looked. */
  readonly disputed: boolean
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
  updatedAt: entryAggregates.publishedAt,
  synthetic: entryAggregates.synthetic,
  disputed: hasDisputedRun(entryAggregates.entryId),
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
 * Who is right at the exits of the first run of each entry: what a table needs besides, where an entry of it has one
 * seed.
 *
 * @returns by run id, shallowest exit first, each [N]
 */
export async function firstRunBits(
  db: Db,
  aggregates: readonly EntryAggregate[],
): Promise<ReadonlyMap<string, readonly Uint8Array[]>> {
  const images = new Map(
    aggregates.flatMap(({ runs: [first], images }) => (first ? [[first.runId, images] as const] : [])),
  )
  if (images.size === 0) return new Map()
  // The offset makes each a look-up by the primary key, where a join would read all exits of all tracks.
  const { rows } = await db.execute<{ run_id: string; correct: Uint8Array }>(sql`
    select wanted.run_id, found.correct
    from json_array_elements_text(${JSON.stringify([...images.keys()])}::json) as wanted(run_id)
    cross join lateral (
      select ${exitResults.k} as k, ${exitResults.correct} as correct from ${exitResults}
      where ${exitResults.runId} = wanted.run_id and ${exitResults.k} <> ${ensembleK} offset 0
    ) as found
    order by wanted.run_id, found.k`)
  const bits = new Map<string, Uint8Array[]>([...images.keys()].map((runId) => [runId, []]))
  for (const { run_id, correct } of rows) {
    bits.get(run_id)?.push(unpackCorrect(correct, images.get(run_id) ?? 0))
  }
  return bits
}
