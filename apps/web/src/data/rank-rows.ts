import type { EntryAggregate, ImageSums, RankedAggregate } from '@mate-bench/stats'
import type { EntrySums, TrackTableRow } from '@mate-bench/store/track-table'

/** An entry as the functions of `stats` rank it. */
export type RankableRow = EntryAggregate & { readonly row: TrackTableRow; readonly disputed: boolean }

export type RankedRow = RankedAggregate<RankableRow>

/** What `rankAggregates` and `costClasses` ask for. */
export interface RankableTable {
  readonly aggregates: readonly RankableRow[]
  readonly sumsAt: (aggregate: RankableRow, k: number) => ImageSums
}

/** Entries of a track, to be ranked. Who is right where is read where there is anything to compare, and not otherwise. */
export async function rankableTable(
  rows: readonly TrackTableRow[],
  readSums: (rows: readonly TrackTableRow[]) => Promise<ReadonlyMap<string, EntrySums>>,
): Promise<RankableTable> {
  const sums: ReadonlyMap<string, EntrySums> = rows.length > 1 ? await readSums(rows) : new Map()
  return {
    aggregates: rows.map((row) => ({ ...row.aggregate, row, disputed: row.disputed })),
    sumsAt: ({ row, counts }, k) =>
      sums.get(row.entryId)?.get(k) ?? { images: counts.ensemble.images, planes: [] },
  }
}
