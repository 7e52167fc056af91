import type { SpecFrame, Track } from '@mate-bench/schema'
import type { EntryAggregate, ImageSums } from '@mate-bench/stats'
import { and, asc, desc, eq, inArray, sql } from 'drizzle-orm'
import { bytesToPlanes } from '../aggregates/plane-bytes.ts'
import type { Db } from '../drivers/db.ts'
import {
  type BestExit,
  entries,
  entryAggregates,
  exitImageSums,
  type RunTier,
  runs,
  specs,
  trackAggregates,
  tracks,
  verdicts,
} from '../schema/index.ts'
import { hasDisputedRun } from './verdicts.ts'

export { ensembleK } from '../schema/index.ts'

/** A track and how much is on it. */
export interface TrackSummary {
  readonly digest: string
  readonly document: Track
  readonly entries: number
  readonly runs: number
  /** When the latest of its runs was published. */
  readonly changedAt: Date
  /** The highest mean top-1, of entries with several seeds where there are any; null where a check disputes every entry. */
  readonly best: BestExit | null
  /** By entry id, a share an exit; without the entries that are on the frontier in no resample. */
  readonly frontierShares: Readonly<Record<string, readonly number[]>>
  /** Changes with the runs, the statistics and the verdicts: what was computed for a version holds as long as it does. */
  readonly version: string
}

/** Verdicts are added and ruled on, and stay: how many there are and the latest time tell two states apart. */
const trackVersion = sql<string>`${trackAggregates.version} || ' ' || (
  select count(*) || ' ' || coalesce(max(greatest(${verdicts.createdAt}, ${verdicts.ruledAt}))::text, '')
  from ${verdicts} inner join ${runs} on ${runs.id} = ${verdicts.runId} inner join ${entries} on ${entries.id} = ${runs.entryId}
  where ${entries.trackDigest} = ${tracks.digest})`

/** Every track with its size, in one query; tracks with most entries first. */
export async function trackSummaries(db: Db): Promise<TrackSummary[]> {
  return await db
    .select({
      digest: tracks.digest,
      document: tracks.document,
      entries: trackAggregates.entries,
      runs: trackAggregates.runs,
      changedAt: trackAggregates.changedAt,
      best: trackAggregates.best,
      frontierShares: trackAggregates.frontierShares,
      version: trackVersion,
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
  /** What tells apart the networks of one backbone: depth, width, where exits are. */
  readonly model: SpecFrame['model']
  readonly tier: RunTier
  readonly backends: readonly string[]
  /** When the latest of its runs was published. */
  readonly updatedAt: Date
  readonly synthetic: boolean
  /** Whether a check disputes a run that it counts: it has no rank until somebody has looked. */
  readonly disputed: boolean
  readonly aggregate: EntryAggregate
  /** Changes with any of this. */
  readonly version: string
}

/** Follows from the runs that an entry has, how each stands, and the statistics' own version. */
const rowVersion = sql<string>`${entryAggregates.madeOf} || ' ' || ${entryAggregates.version}`

/** Columns of a `TrackTableRow`. */
export const tableRow = {
  entryId: entryAggregates.entryId,
  method: specs.method,
  backbone: specs.backbone,
  head: specs.head,
  model: sql<SpecFrame['model']>`${specs.document} -> 'model'`,
  tier: entryAggregates.tier,
  backends: entryAggregates.backends,
  updatedAt: entryAggregates.publishedAt,
  synthetic: entryAggregates.synthetic,
  disputed: hasDisputedRun(entryAggregates.entryId),
  aggregate: entryAggregates.aggregate,
  version: rowVersion,
}

/** Which entries a track has, and the version of each one's row, in one query. */
export async function trackTableVersions(
  db: Db,
  trackDigest: string,
): Promise<{ entryId: string; version: string }[]> {
  return await db
    .select({ entryId: entryAggregates.entryId, version: rowVersion })
    .from(entryAggregates)
    .where(eq(entryAggregates.trackDigest, trackDigest))
}

/**
 * Entries of a track, in one query. Rank their aggregates by `rankAggregates`.
 *
 * @param entryIds default: all
 */
export async function trackTable(
  db: Db,
  trackDigest: string,
  entryIds?: readonly string[],
): Promise<TrackTableRow[]> {
  return await db
    .select(tableRow)
    .from(entryAggregates)
    .innerJoin(entries, eq(entries.id, entryAggregates.entryId))
    .innerJoin(specs, eq(specs.digest, entries.specDigest))
    .where(
      and(
        eq(entryAggregates.trackDigest, trackDigest),
        entryIds && inArray(entryAggregates.entryId, [...entryIds]),
      ),
    )
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

/** Of an entry, how many of its runs get each image right: by exit from 1, the ensemble under 0 (`ensembleK`). */
export type EntrySums = ReadonlyMap<number, ImageSums>

/** What any two of these entries are compared by, in one query; by entry id. */
export async function imageSums(
  db: Db,
  rows: readonly Pick<TrackTableRow, 'entryId' | 'aggregate'>[],
): Promise<ReadonlyMap<string, EntrySums>> {
  const images = new Map(
    rows.map(({ entryId, aggregate }) => [entryId, aggregate.counts.ensemble.images] as const),
  )
  const found = new Map<string, Map<number, ImageSums>>([...images.keys()].map((id) => [id, new Map()]))
  if (images.size === 0) return found
  const sums = await db
    .select({ entryId: exitImageSums.entryId, k: exitImageSums.k, planes: exitImageSums.planes })
    .from(exitImageSums)
    .where(inArray(exitImageSums.entryId, [...images.keys()]))
  for (const { entryId, k, planes } of sums) {
    found.get(entryId)?.set(k, bytesToPlanes(planes, images.get(entryId) ?? 0))
  }
  return found
}
