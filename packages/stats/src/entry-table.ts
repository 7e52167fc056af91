/**
 * The one way from runs to the entries of a table: which runs count, their means, ranks, intervals and frontier.
 * A report of run folders, the site and its API all call this, so they can't disagree.
 */
import { type BootstrapInterval, clusteredBootstraps } from './bootstrap.ts'
import {
  aggregateEntry,
  type ClassifierSummary,
  type EntryAggregate,
  type EntryRun,
  type ExitSummary,
  lastExit,
  type SelectedRuns,
  selectRuns,
} from './entry-aggregate.ts'
import { frontierStability, paretoFrontier } from './pareto.ts'
import { type RankedEntry, rankCounted } from './ranking.ts'

/** The runs of one spec, aggregated and ranked in its table. */
export interface TableEntry<R extends EntryRun = EntryRun> {
  readonly specDigest: string
  /** The spec's name; with the start of its digest where two specs of the table share a name. */
  readonly name: string
  /** In ascending order of their seeds, one a seed. */
  readonly runs: readonly R[]
  /** Further runs of a seed that is there already. They are no new evidence and count nowhere. */
  readonly repeats: readonly R[]
  readonly parameters: number
  readonly exits: readonly ExitSummary[]
  readonly ensemble: ClassifierSummary
  /** By the last exit, among the entries of the table. */
  readonly ranking: RankedEntry
}

/** 95 % intervals of an entry's classifiers. */
export interface EntryIntervals {
  /** One an exit, shallowest first. */
  readonly exits: readonly BootstrapInterval[]
  readonly ensemble: BootstrapInterval
}

/** Fixed, so that a table of the same runs is the same table. */
const bootstrap = { seed: 0, resamples: 2000, level: 0.95 }

/** An entry in its table. */
export interface RankedAggregate<S extends EntryAggregate = EntryAggregate> {
  readonly aggregate: S
  /** The spec's name; with the start of its digest where two specs of the table share a name. */
  readonly name: string
  readonly exits: readonly ExitSummary[]
  readonly ranking: RankedEntry
}

/**
 * Groups the runs of one track by spec, and ranks them. Whatever the order of the runs, the result is the same.
 *
 * @param runs of one track: all over the same test images
 * @returns best first
 */
export function tableEntries<R extends EntryRun>(runs: readonly R[]): TableEntry<R>[] {
  const aggregates = groupBySpec(runs).map((group) => {
    const selected = selectRuns(group)
    return { ...aggregateEntry(selected), selected }
  })
  return rankAggregates(aggregates, ({ selected }) => lastExit(selected.first)).map(
    ({ aggregate, name, exits, ranking }) => {
      const { specDigest, parameters, ensemble } = aggregate
      const { runs, repeats }: SelectedRuns<R> = aggregate.selected
      return { specDigest, name, runs, repeats, parameters, exits, ensemble, ranking }
    },
  )
}

/**
 * Ranks entries of one track by their last exits and marks the frontier of all exits.
 *
 * @param firstRun who is right at the last exit of an entry's first run; asked for where an entry has one seed
 * @returns best first
 */
export function rankAggregates<S extends EntryAggregate>(
  aggregates: readonly S[],
  firstRun: (aggregate: S) => Uint8Array,
): RankedAggregate<S>[] {
  // So that equal means stand in one order, whatever that of the aggregates.
  const ordered = [...aggregates].sort((a, b) => compare(a.specDigest, b.specDigest))
  const names = uniqueNames(ordered)
  const ranked = rankCounted(
    ordered.map((aggregate, i) => ({
      name: names[i] ?? '',
      rightCounts: aggregate.rightCounts,
      images: aggregate.images,
      firstRun: () => firstRun(aggregate),
    })),
  )
  const onFrontier = paretoFrontier(
    ordered.flatMap(({ exits }) =>
      exits.map(({ sequentialMacs, top1 }) => ({ sequentialMacs, top1: top1.mean })),
    ),
  )
  const placed = new Map<string, { readonly aggregate: S; readonly exits: readonly ExitSummary[] }>()
  let next = 0
  for (const [i, aggregate] of ordered.entries()) {
    const exits = aggregate.exits.map((exit) => ({ ...exit, onFrontier: onFrontier[next++] ?? false }))
    placed.set(names[i] ?? '', { aggregate, exits })
  }
  return ranked.flatMap((ranking) => {
    const own = placed.get(ranking.name)
    return own ? [{ ...own, name: ranking.name, ranking }] : []
  })
}

/**
 * Intervals of entries of one track, one each in their order. An entry's intervals depend on its own runs alone:
 * they are the same in any table, and may be computed for a part of one.
 *
 * @param options.resamples fewer than the usual for data that nobody measured
 */
export function entryIntervals(
  entries: readonly Pick<TableEntry, 'runs'>[],
  { resamples = bootstrap.resamples }: { readonly resamples?: number } = {},
): EntryIntervals[] {
  const groups = entries.map(({ runs }) => {
    const classifiers = [...(runs[0]?.exits.keys() ?? [])].map((k) =>
      runs.flatMap((run) => run.exits[k] ?? []),
    )
    return [...classifiers, runs.map(({ ensemble }) => ensemble)].map((results) => ({
      runs: results.map(({ correct }) => correct),
      // Entries with equally many seeds may share the draw of them: only a marginal interval is read off.
      cluster: runs.length,
    }))
  })
  const intervals = clusteredBootstraps(groups.flat(), { ...bootstrap, resamples })
  let next = 0
  return groups.map(({ length }) => {
    const own = intervals.slice(next, next + length)
    next += length
    const ensemble = own.at(-1)
    if (!ensemble) throw new RangeError('an entry without classifiers')
    return { exits: own.slice(0, -1), ensemble }
  })
}

/**
 * How firmly each exit is on the frontier of these entries: the share of bootstrap resamples in which it is.
 *
 * @returns a list of shares an entry, one an exit
 */
export function frontierShares(
  entries: readonly Pick<TableEntry, 'runs' | 'specDigest' | 'exits'>[],
): number[][] {
  const shares = frontierStability(
    entries.flatMap(({ specDigest, exits, runs }) =>
      exits.map(({ sequentialMacs }, k) => ({
        entry: specDigest,
        sequentialMacs,
        runs: runs.flatMap((run) => run.exits[k]?.correct ?? []),
      })),
    ),
    bootstrap,
  )
  let next = 0
  return entries.map(({ exits }) => exits.map(() => shares[next++] ?? 0))
}

function groupBySpec<R extends EntryRun>(runs: readonly R[]): R[][] {
  const groups = new Map<string, R[]>()
  for (const run of runs) {
    const group = groups.get(run.specDigest)
    if (group) group.push(run)
    else groups.set(run.specDigest, [run])
  }
  return [...groups.values()]
}

function uniqueNames(aggregates: readonly EntryAggregate[]): string[] {
  const uses = new Map<string, number>()
  for (const { specName } of aggregates) uses.set(specName, (uses.get(specName) ?? 0) + 1)
  return aggregates.map(({ specName, specDigest }) =>
    (uses.get(specName) ?? 0) > 1
      ? `${specName} (${specDigest.replace('sha256:', '').slice(0, 8)})`
      : specName,
  )
}

/** By code unit: the same order on every machine, whatever its language. */
function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1
}
