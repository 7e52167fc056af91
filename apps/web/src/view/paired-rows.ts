import {
  type DifferenceInterval,
  differenceInterval,
  type EntryRun,
  holmAdjust,
  type PairedTest,
  pairedTest,
  type ResampledMean,
} from '@mate-bench/stats'
import type { EntryResamples } from '@mate-bench/store'

/** An entry as a comparison needs it: means over its seeds, what resampling made of them, and its runs by seed. */
export interface ComparableEntry {
  readonly exits: readonly { readonly sequentialMacs: number; readonly top1: { readonly mean: number } }[]
  readonly ensemble: { readonly top1: { readonly mean: number } }
  readonly resamples: EntryResamples
  readonly runs: readonly Pick<EntryRun, 'exits' | 'ensemble'>[]
}

/** Another entry against the first, at one classifier. */
export interface PairedCell extends DifferenceInterval, PairedTest {
  /** Of the test, after Holm's correction over all cells of the comparison. */
  readonly adjustedPValue: number
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

/**
 * Every other entry against the first on the same test images: exit by exit, then the ensemble. A network with fewer
 * exits has no figures at the deeper ones; its ensemble stands in the last row as all others do.
 */
export function pairedRows(entries: readonly ComparableEntry[]): PairedRow[] {
  const most = Math.max(0, ...entries.map(({ exits }) => exits.length))
  const places = [...Array.from({ length: most }, (_, i) => i), 'ensemble' as const]
  const rows = places.map((place) => {
    const [base, ...others] = entries.map((entry) => classifierAt(entry, place))
    return {
      classifier: place === 'ensemble' ? place : `exit ${place + 1}`,
      baseMean: base?.mean ?? null,
      sequentialMacs: [base, ...others].map((own) => own?.sequentialMacs ?? null),
      cells: others.map((own) =>
        own && base ? { ...differenceInterval(own, base), ...pairedTest(own.correct, base.correct) } : null,
      ),
    }
  })
  const adjusted = holmAdjust(rows.flatMap(({ cells }) => cells.flatMap((cell) => cell?.pValue ?? [])))
  let next = 0
  return rows.map((row) => ({
    ...row,
    cells: row.cells.map((cell) => cell && { ...cell, adjustedPValue: adjusted[next++] ?? 1 }),
  }))
}

interface Classifier extends ResampledMean {
  readonly sequentialMacs: number
  /** [S][N] */
  readonly correct: readonly Uint8Array[]
}

function classifierAt(
  { exits, ensemble, resamples, runs }: ComparableEntry,
  place: number | 'ensemble',
): Classifier | undefined {
  // The ensemble needs every exit.
  const cost = place === 'ensemble' ? exits.at(-1) : exits[place]
  if (!cost) return undefined
  return {
    mean: (place === 'ensemble' ? ensemble : cost).top1.mean,
    resampled: place === 'ensemble' ? resamples.ensemble : (resamples.exits[place] ?? []),
    seeds: runs.length,
    sequentialMacs: cost.sequentialMacs,
    correct: runs.flatMap((run) => {
      const result = place === 'ensemble' ? run.ensemble : run.exits[place]
      return result ? [result.correct] : []
    }),
  }
}
