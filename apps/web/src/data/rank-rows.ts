import { type EntryAggregate, type RankedAggregate, rankAggregates } from '@mate-bench/stats'
import type { TrackTableRow } from '@mate-bench/store/track-table'

export type RankedRow = RankedAggregate<EntryAggregate & { readonly row: TrackTableRow }>

/** Ranks the entries of a track. The bits of first runs are read where an entry has one seed, and not otherwise. */
export async function rankRows(
  rows: readonly TrackTableRow[],
  readBits: (aggregates: readonly EntryAggregate[]) => Promise<ReadonlyMap<string, readonly Uint8Array[]>>,
): Promise<RankedRow[]> {
  const aggregates = rows.map((row) => ({ ...row.aggregate, row }))
  const needed = aggregates.length > 1 && aggregates.some(({ runs }) => runs.length === 1)
  const bits: ReadonlyMap<string, readonly Uint8Array[]> = needed ? await readBits(aggregates) : new Map()
  return rankAggregates(
    aggregates,
    ({ runs }, k) => bits.get(runs[0]?.runId ?? '')?.[k - 1] ?? new Uint8Array(),
  )
}
