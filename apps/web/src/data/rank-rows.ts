import { type EntryAggregate, type RankedAggregate, rankAggregates } from '@mate-bench/stats'
import type { EntrySums, TrackTableRow } from '@mate-bench/store/track-table'

export type RankedRow = RankedAggregate<EntryAggregate & { readonly row: TrackTableRow }>

/** Ranks the entries of a track. Who is right where is read where there is anything to compare, and not otherwise. */
export async function rankRows(
  rows: readonly TrackTableRow[],
  readSums: (rows: readonly TrackTableRow[]) => Promise<ReadonlyMap<string, EntrySums>>,
): Promise<RankedRow[]> {
  const aggregates = rows.map((row) => ({ ...row.aggregate, row, disputed: row.disputed }))
  const sums: ReadonlyMap<string, EntrySums> = rows.length > 1 ? await readSums(rows) : new Map()
  return rankAggregates(aggregates, ({ row, counts }, k) => {
    const own = sums.get(row.entryId)?.get(k)
    return own ?? { images: counts.ensemble.images, planes: [] }
  })
}
