import {
  type CostClass,
  costClasses,
  createKnownPairs,
  type EntryAggregate,
  type ImageSums,
  type KnownPairs,
  type RankedAggregate,
  rankAggregates,
  type TrackSpreads,
  trackSpreads,
} from '@mate-bench/stats'
import type { Db } from '@mate-bench/store'
import {
  type EntrySums,
  imageSums,
  type TrackTableRow,
  trackTable,
  trackTableVersions,
} from '@mate-bench/store/track-table'
import { architectureName } from '../view/architecture-name.ts'

/** An entry as the functions of `stats` rank it. */
export type RankableRow = EntryAggregate & {
  readonly row: TrackTableRow
  readonly disputed: boolean
  /** Backbone with depth and width. */
  readonly network: string
}

export type RankedRow = RankedAggregate<RankableRow>

/** All of a track, ranked. */
export interface RankedTrack {
  /** Best first. */
  readonly ranked: readonly RankedRow[]
  /** Of networks with early exits, unless the track has none: they are what is asked about, and one exit alone is no answer. */
  readonly classes: readonly CostClass<RankableRow>[]
  readonly spreads: TrackSpreads
  /** By entry id: the next ranking reads those again that have changed. */
  readonly rows: ReadonlyMap<string, RankableRow>
  readonly pairs: KnownPairs
}

/**
 * Ranks a track. After a publication only what it has changed is read and compared: rows, and the sums of entries that have a
 * comparison before them. Sums are kept nowhere: of 20,000 entries they would be 250 MB.
 *
 * @param before the ranking of an earlier version
 */
export async function rankTrack(db: Db, trackDigest: string, before?: RankedTrack): Promise<RankedTrack> {
  // Everything at one moment: read one after the other, sums might be of a run more than the rows.
  return await db.transaction((tx) => rankSnapshot(tx, trackDigest, before), {
    isolationLevel: 'repeatable read',
    accessMode: 'read only',
  })
}

async function rankSnapshot(
  db: Db,
  trackDigest: string,
  before: RankedTrack | undefined,
): Promise<RankedTrack> {
  const known: RankedTrack['rows'] = before?.rows ?? new Map()
  const rows = await readRows(db, trackDigest, known)
  const aggregates = [...rows.values()]
  const early = aggregates.filter(({ exits }) => exits.length > 1)
  const pairs = createKnownPairs(before?.pairs)
  const isNew = ({ row }: RankableRow) => known.get(row.entryId)?.row !== row
  let sums: ReadonlyMap<string, EntrySums> = new Map()
  const news = aggregates.filter(isNew)
  const isOpponent = ({ counts }: RankableRow) =>
    before !== undefined && counts.exits.some((own) => before.pairs.isOpponent(own))
  // Who is right where is read where there is anything to compare, and not otherwise. What is new meets those whom others met
  // before: their sums are read along, since to miss some is to rank again.
  let wanted =
    aggregates.length > 1 && news.length > 0
      ? [...news, ...aggregates.filter((row) => !isNew(row) && isOpponent(row))]
      : []
  for (;;) {
    sums = new Map([...sums, ...(await readSums(db, wanted))])
    const missing = new Set<RankableRow>()
    const sumsAt = (aggregate: RankableRow, k: number): ImageSums | undefined => {
      const own = sums.get(aggregate.row.entryId)
      if (!own) missing.add(aggregate)
      return own?.get(k)
    }
    const ranked = rankAggregates(aggregates, sumsAt, pairs)
    const classes = costClasses(early.length > 0 ? early : aggregates, sumsAt, undefined, pairs)
    if (missing.size === 0) {
      pairs.settle()
      // Whatever still holds `sumsAt` holds no images by it.
      sums = new Map()
      return { ranked, classes, spreads: trackSpreads(aggregates), rows, pairs }
    }
    wanted = [...missing]
  }
}

async function readRows(
  db: Db,
  trackDigest: string,
  known: ReadonlyMap<string, RankableRow>,
): Promise<ReadonlyMap<string, RankableRow>> {
  const present = known.size === 0 ? [] : await trackTableVersions(db, trackDigest)
  const kept = present.flatMap(({ entryId, version }) => {
    const own = known.get(entryId)
    return own?.row.version === version ? [own] : []
  })
  const keptIds = new Set(kept.map(({ row }) => row.entryId))
  const changed = present.map(({ entryId }) => entryId).filter((id) => !keptIds.has(id))
  const read =
    kept.length > 0 && changed.length === 0
      ? []
      : await trackTable(db, trackDigest, kept.length > 0 ? changed : undefined)
  const rows = read.map((row) => ({
    ...row.aggregate,
    row,
    disputed: row.disputed,
    network: architectureName(row),
  }))
  return new Map([...kept, ...rows].map((row) => [row.row.entryId, row]))
}

async function readSums(db: Db, rows: readonly RankableRow[]): Promise<ReadonlyMap<string, EntrySums>> {
  return await imageSums(
    db,
    rows.map(({ row }) => row),
  )
}
