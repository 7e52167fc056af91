import {
  type CrossedComparison,
  type CrossedCounts,
  compareCrossed,
  type EntryAggregate,
  fewestRankedSeeds,
  holmAdjust,
  type ImageSums,
  seedsToTellApart,
  sumOfProducts,
  type TrackSpread,
  type TrackSpreads,
} from '@mate-bench/stats'
import { type EntrySums, ensembleK } from '@mate-bench/store/track-table'

/** An entry as a comparison needs it. */
export interface ComparableEntry {
  readonly exits: readonly { readonly sequentialMacs: number; readonly top1: { readonly mean: number } }[]
  readonly ensemble: { readonly top1: { readonly mean: number } }
  readonly counts: EntryAggregate['counts']
  readonly sums: EntrySums
}

/** Another entry against the first, at one classifier. */
export interface PairedCell extends CrossedComparison {
  /** After Holm's correction over all cells of the comparison. */
  readonly adjustedPValue: number
  /** Whether the difference is significant at 5 %. Never with an entry of one seed. */
  readonly apart: boolean
  /** About how many more seeds of both would; null where none would. */
  readonly moreSeeds: number | null
}

export interface PairedRow {
  /** `exit 1`, ... or `ensemble`. */
  readonly classifier: string
  /** Mean top-1 of the first entry; null where it has no such exit. */
  readonly baseMean: number | null
  /** Sequential MACs, one an entry; null where it has no such exit. */
  readonly sequentialMacs: readonly (number | null)[]
  /** One an entry but the first; null where it or the first has no such exit. */
  readonly cells: readonly (PairedCell | null)[]
}

const level = 0.05

/**
 * Every other entry against the first on the same test images: exit by exit, then the ensemble. A network with fewer
 * exits has no figures at the deeper ones; its ensemble stands in the last row as all others do.
 *
 * @param spreads of the whole track, for entries of one seed
 */
export function pairedRows(entries: readonly ComparableEntry[], spreads: TrackSpreads): PairedRow[] {
  const most = Math.max(0, ...entries.map(({ exits }) => exits.length))
  const places = [...Array.from({ length: most }, (_, i) => i), 'ensemble' as const]
  const rows = places.map((place) => {
    const [base, ...others] = entries.map((entry) => classifierAt(entry, place))
    const track = place === 'ensemble' ? spreads.ensemble : (spreads.exits[place] ?? null)
    return {
      classifier: place === 'ensemble' ? place : `exit ${place + 1}`,
      baseMean: base?.mean ?? null,
      sequentialMacs: [base, ...others].map((own) => own?.sequentialMacs ?? null),
      cells: others.map((own) => (own && base ? comparedPair(own, base, track) : null)),
    }
  })
  const compared = rows.flatMap(({ cells }) => cells.flatMap((cell) => cell ?? []))
  const tested = compared.filter(({ fewest }) => fewest >= fewestRankedSeeds)
  const corrected = holmAdjust(tested.map(({ pValue }) => pValue))
  const adjusted = new Map(tested.map((cell, i) => [cell, corrected[i] ?? 1]))
  return rows.map((row) => ({
    ...row,
    cells: row.cells.map((cell) => {
      if (!cell) return null
      const { needed, fewest, ...comparison } = cell
      const adjustedPValue = adjusted.get(cell) ?? 1
      const apart = adjustedPValue <= level
      const more = apart ? 0 : needed(level / Math.max(1, tested.length))
      const least = Math.max(apart ? 0 : 1, fewestRankedSeeds - fewest)
      return { ...comparison, adjustedPValue, apart, moreSeeds: more === null ? null : Math.max(least, more) }
    }),
  }))
}

function comparedPair(own: Classifier, base: Classifier, track: TrackSpread | null) {
  const products = sumOfProducts(own.sums, base.sums)
  return {
    ...compareCrossed(own.counts, base.counts, products, { track }),
    fewest: Math.min(own.counts.rightCounts.length, base.counts.rightCounts.length),
    needed: (at: number) => seedsToTellApart(own.counts, base.counts, products, { track, level: at }),
  }
}

interface Classifier {
  readonly mean: number
  readonly sequentialMacs: number
  readonly counts: CrossedCounts
  readonly sums: ImageSums
}

function classifierAt(
  { exits, ensemble, counts, sums }: ComparableEntry,
  place: number | 'ensemble',
): Classifier | undefined {
  // The ensemble needs every exit.
  const cost = place === 'ensemble' ? exits.at(-1) : exits[place]
  const own = place === 'ensemble' ? counts.ensemble : counts.exits[place]
  const summed = sums.get(place === 'ensemble' ? ensembleK : place + 1)
  if (!cost || !own || !summed) return undefined
  return {
    mean: (place === 'ensemble' ? ensemble : cost).top1.mean,
    sequentialMacs: cost.sequentialMacs,
    counts: own,
    sums: summed,
  }
}
