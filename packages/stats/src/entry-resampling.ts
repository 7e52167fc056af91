/** What resampling says of an entry and of the frontier of a table; see `bootstrap.ts` for the draws. */
import {
  type BootstrapInterval,
  bootstrapIntervals,
  prepareResampling,
  resampledAccuracies,
} from './bootstrap.ts'
import type { EntryRun } from './entry-aggregate.ts'
import { frontierStability } from './pareto.ts'

/** 95 % intervals of an entry's classifiers. */
export interface EntryIntervals {
  /** One an exit, shallowest first. */
  readonly exits: readonly BootstrapInterval[]
  readonly ensemble: BootstrapInterval
}

export interface ResampledEntry {
  readonly intervals: EntryIntervals
  /** Top-1 of each exit in every resample, shallowest first: what the frontier of any table needs of the entry. */
  readonly top1: readonly Float32Array[]
  /** Of the ensemble, likewise. */
  readonly ensembleTop1: Float32Array
}

export interface EntryResamplingOptions {
  /** Fewer for data that nobody measured. @default 2000 */
  readonly resamples?: number
}

/** Fixed, so that a table of the same runs is the same table. */
const bootstrap = { seed: 0, resamples: 2000, level: 0.95 }

/**
 * Resamples the runs of one entry. All of it depends on these runs alone: it is the same in any table, and is computed
 * when one of them is published.
 *
 * @param runs of one experiment, one a seed, at least one
 */
export function resampleEntry(
  runs: readonly EntryRun[],
  { resamples = bootstrap.resamples }: EntryResamplingOptions = {},
): ResampledEntry {
  const [first] = runs
  if (!first) throw new RangeError('an entry without runs')
  const classifiers = [
    ...first.exits.map((_, i) => runs.flatMap(({ exits }) => exits[i]?.correct ?? [])),
    runs.map(({ ensemble }) => ensemble.correct),
  ]
  const groups = classifiers.map((correct) => ({ runs: correct, cluster: first.experimentDigest }))
  const accuracies = resampledAccuracies(groups, { ...bootstrap, resamples })
  const intervals = bootstrapIntervals(groups, accuracies, bootstrap.level)
  const ensemble = intervals.at(-1)
  // Rounded here, so that who kept them and who computes them anew meet the same ties.
  const rounded = accuracies.map((values) => Float32Array.from(values))
  const ensembleTop1 = rounded.at(-1)
  if (!ensemble || !ensembleTop1) throw new RangeError('an entry without classifiers')
  return {
    intervals: { exits: intervals.slice(0, -1), ensemble },
    top1: rounded.slice(0, -1),
    ensembleTop1,
  }
}

/** Does what `resampleEntry` would do first and then remembers, for a track of so many test images. */
export function prepareEntryResampling(
  images: number,
  { resamples = bootstrap.resamples }: EntryResamplingOptions = {},
): void {
  prepareResampling(images, { ...bootstrap, resamples })
}

/** An entry as the frontier of its table needs it. */
export interface FrontierEntry {
  readonly exits: readonly { readonly sequentialMacs: number }[]
  /** As `resampleEntry` gives it, of equally many resamples for all entries. */
  readonly top1: readonly ArrayLike<number>[]
}

/**
 * How firmly each exit is on the frontier of these entries: the share of bootstrap resamples in which it is.
 *
 * @returns a list of shares an entry, one an exit; it does not depend on the order of the entries
 */
export function frontierShares(entries: readonly FrontierEntry[]): number[][] {
  const shares = frontierStability(
    entries.flatMap(({ exits, top1 }) =>
      exits.map(({ sequentialMacs }, i) => ({ sequentialMacs, top1: top1[i] ?? [] })),
    ),
  )
  let next = 0
  return entries.map(({ exits }) => exits.map(() => shares[next++] ?? 0))
}
