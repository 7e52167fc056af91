import {
  type DifferenceInterval,
  type EntryRun,
  holmAdjust,
  type PairedTest,
  pairedDifference,
  pairedTest,
} from '@mate-bench/stats'

/** An entry as a comparison needs it: means over its seeds, and the runs behind them, by seed. */
export interface ComparableEntry {
  readonly exits: readonly { readonly sequentialMacs: number; readonly top1: { readonly mean: number } }[]
  readonly ensemble: { readonly top1: { readonly mean: number } }
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

/** Fixed, so that a comparison of the same entries is the same comparison. */
const bootstrap = { seed: 0, resamples: 2000, level: 0.95 }

/**
 * Every other entry against the first on the same test images: exit by exit, then the ensemble. A network with fewer
 * exits has no figures at the deeper ones; its ensemble stands in the last row as all others do.
 *
 * @param breathe awaited between rows, each of which resamples: a server answers others meanwhile
 */
export async function pairedRows(
  entries: readonly ComparableEntry[],
  breathe: () => Promise<void> = async () => undefined,
): Promise<PairedRow[]> {
  const most = Math.max(0, ...entries.map(({ exits }) => exits.length))
  const places = [...Array.from({ length: most }, (_, i) => i), 'ensemble' as const]
  const rows: (Omit<PairedRow, 'cells'> & { cells: (Omit<PairedCell, 'adjustedPValue'> | null)[] })[] = []
  for (const place of places) {
    const [base, ...others] = entries.map((entry) => classifierAt(entry, place))
    rows.push({
      classifier: place === 'ensemble' ? place : `exit ${place + 1}`,
      baseMean: base?.mean ?? null,
      sequentialMacs: [base, ...others].map((own) => own?.sequentialMacs ?? null),
      cells: others.map((own) =>
        own && base
          ? {
              ...pairedDifference(own.correct, base.correct, bootstrap),
              ...pairedTest(own.correct, base.correct),
            }
          : null,
      ),
    })
    await breathe()
  }
  const adjusted = holmAdjust(rows.flatMap(({ cells }) => cells.flatMap((cell) => cell?.pValue ?? [])))
  let next = 0
  return rows.map((row) => ({
    ...row,
    cells: row.cells.map((cell) => cell && { ...cell, adjustedPValue: adjusted[next++] ?? 1 }),
  }))
}

interface Classifier {
  readonly mean: number
  readonly sequentialMacs: number
  /** [S][N] */
  readonly correct: readonly Uint8Array[]
}

function classifierAt(
  { exits, ensemble, runs }: ComparableEntry,
  place: number | 'ensemble',
): Classifier | undefined {
  // The ensemble needs every exit.
  const cost = place === 'ensemble' ? exits.at(-1) : exits[place]
  if (!cost) return undefined
  const summary = place === 'ensemble' ? ensemble : cost
  return {
    mean: summary.top1.mean,
    sequentialMacs: cost.sequentialMacs,
    correct: runs.flatMap((run) => {
      const result = place === 'ensemble' ? run.ensemble : run.exits[place]
      return result ? [result.correct] : []
    }),
  }
}
