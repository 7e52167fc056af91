import { type DifferenceInterval, type EntryRun, pairedDifference } from '@mate-bench/stats'

/** The counted runs of an entry, by seed. */
interface WithRuns {
  readonly runs: readonly EntryRun[]
}

export interface PairedRow {
  /** `exit 1`, ... or `ensemble`. */
  readonly classifier: string
  /** One an entry, against the first; null for the first itself and where an entry has no such exit. */
  readonly differences: readonly (DifferenceInterval | null)[]
}

/** Fixed, so that a comparison of the same entries is the same comparison. */
const bootstrap = { seed: 0, resamples: 2000, level: 0.95 }

/** Differences to the first entry on the same test images: exit by exit, then the ensemble. */
export function pairedRows(entries: readonly WithRuns[]): PairedRow[] {
  const most = Math.max(0, ...entries.map(({ runs }) => runs[0]?.exits.length ?? 0))
  const names = [...Array.from({ length: most }, (_, i) => `exit ${i + 1}`), 'ensemble']
  const correctOf = (entry: WithRuns | undefined, i: number): Uint8Array[] =>
    entry?.runs.flatMap(({ exits, ensemble }) => {
      const result = i === most ? ensemble : exits[i]
      return result ? [result.correct] : []
    }) ?? []
  return names.map((classifier, i) => {
    const base = correctOf(entries[0], i)
    return {
      classifier,
      differences: entries.map((entry, e) => {
        const own = correctOf(entry, i)
        return e === 0 || base.length === 0 || own.length === 0
          ? null
          : pairedDifference(own, base, bootstrap)
      }),
    }
  })
}

/** Share of images on which the last exits of two entries are both right or both wrong, over their first runs. */
export function agreement(entries: readonly WithRuns[]): number[][] {
  const firsts = entries.map(({ runs }) => runs[0]?.exits.at(-1)?.correct ?? new Uint8Array())
  return firsts.map((a) =>
    firsts.map((b) =>
      a.length === 0 ? 0 : a.reduce((same, right, i) => same + (right === b[i] ? 1 : 0), 0) / a.length,
    ),
  )
}
