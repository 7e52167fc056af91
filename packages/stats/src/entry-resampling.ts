/** How firmly exits are on the frontier of a table; see `bootstrap.ts` for the draws. */
import { prepareResampling, resampledAccuracies } from './bootstrap.ts'
import { correctAt, type EntryRun } from './entry-aggregate.ts'
import { frontierStability } from './pareto.ts'

export interface EntryResamplingOptions {
  /** Fewer for data that nobody measured. @default 2000 */
  readonly resamples?: number
}

/** Fixed, so that a table of the same runs is the same table. */
const bootstrap = { seed: 0, resamples: 2000 }

/**
 * Resamples the runs of one entry. All of it depends on these runs alone: it is the same in any table, and is computed
 * when one of them is published.
 *
 * @param runs of one experiment, one per seed, at least one
 * @returns top-1 of each exit in every resample, shallowest first: what the frontier of any table needs of the entry
 */
export function resampleEntry(
  runs: readonly EntryRun[],
  { resamples = bootstrap.resamples }: EntryResamplingOptions = {},
): Float32Array[] {
  const [first] = runs
  if (!first) throw new RangeError('an entry without runs')
  const groups = first.exits.map((_, i) => ({ runs: correctAt(runs, i), cluster: first.experimentDigest }))
  // Rounded here, so that who kept them and who computes them anew meet the same ties.
  return resampledAccuracies(groups, { ...bootstrap, resamples }).map((values) => Float32Array.from(values))
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
 * @returns a list of shares per entry, one per exit; it does not depend on the order of the entries
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
