/**
 * The one way from runs to the entries of a table: which runs count, their means, ranks and frontier.
 * A report of run folders, the site and its API all call this, so they can't disagree.
 */
import {
  aggregateEntry,
  type ClassifierSummary,
  correctAt,
  type EntryAggregate,
  type EntryRun,
  type ExitSummary,
  type SelectedRuns,
  selectRuns,
} from './entry-aggregate.ts'
import { type EntryIntervals, entryIntervals, type TrackSpreads, trackSpreads } from './entry-intervals.ts'
import { type ImageSums, sumOverRuns } from './image-sums.ts'
import { createKnownPairs, type KnownPairs } from './known-pairs.ts'
import { once } from './once.ts'
import { paretoFrontier } from './pareto.ts'
import { type RankedEntry, type RankingEntry, rankEntries, ranksOf } from './ranking.ts'

/** What a table says of an entry. */
interface InTable {
  /** The spec's name; with the start of the experiment's digest where two entries of the table share a name. */
  readonly name: string
  readonly exits: readonly ExitSummary[]
  readonly intervals: EntryIntervals
  /** By the last exit, among the entries of the table. */
  readonly ranking: RankedEntry
}

/** The runs of one experiment, aggregated and ranked in its table. */
export interface TableEntry<R extends EntryRun = EntryRun> extends InTable {
  readonly experimentDigest: string
  /** Of the spec that labels the entry. */
  readonly specDigest: string
  /** Those that count, in ascending order of their seeds, one per seed. */
  readonly runs: readonly R[]
  /** Further runs of a seed that is there already. They are no new evidence and count nowhere. */
  readonly repeats: readonly R[]
  /** Runs of seeds behind a gap, which count when the seeds before them are there. */
  readonly waiting: readonly R[]
  readonly parameters: number
  readonly ensemble: ClassifierSummary
}

/** An entry in its table. */
export interface RankedAggregate<S extends EntryAggregate = EntryAggregate> extends InTable {
  readonly aggregate: S
}

/**
 * Groups the runs of one track by experiment, and ranks them. Whatever the order of the runs, the result is the same.
 *
 * @param runs of one track: all over the same test images
 * @param disputed ids of runs of which a check failed: entries that count one have no rank
 * @returns best first, entries without a rank behind
 */
export function tableEntries<R extends EntryRun>(
  runs: readonly R[],
  disputed: ReadonlySet<string> = new Set(),
): TableEntry<R>[] {
  const aggregates = groupByExperiment(runs).map((group) => {
    const selected = selectRuns(group)
    const isDisputed = selected.runs.some(({ runId }) => disputed.has(runId))
    return { ...aggregateEntry(selected), selected, disputed: isDisputed }
  })
  return rankAggregates(aggregates, ({ selected }, k) => sumOverRuns(correctAt(selected.runs, k - 1))).map(
    ({ aggregate, name, exits, intervals, ranking }) => {
      const { experimentDigest, specDigest, parameters, ensemble } = aggregate
      const { runs, repeats, waiting }: SelectedRuns<R> = aggregate.selected
      return {
        experimentDigest,
        specDigest,
        runs,
        repeats,
        waiting,
        parameters,
        ensemble,
        ...{ name, exits, intervals, ranking },
      }
    },
  )
}

/** An entry, and whether a check of a run that it counts failed: then it has no rank and counts for nothing. */
export type Rankable = EntryAggregate & { readonly disputed?: boolean }

/**
 * Sums of the runs that count, at exit k: 1 is the shallowest. Undefined where they are not at hand, and then what is made of
 * them is worth nothing.
 */
export type SumsAt<S> = (aggregate: S, k: number) => ImageSums | undefined

/**
 * Ranks entries of one track by their last exits, each of their exits among the exits of its number, and marks the
 * frontier of all exits.
 *
 * @param pairs comparisons that were made before
 * @returns best first, entries of one seed and disputed ones behind
 */
export function rankAggregates<S extends Rankable>(
  aggregates: readonly S[],
  sumsAt: SumsAt<S>,
  pairs: KnownPairs = createKnownPairs(),
): RankedAggregate<S>[] {
  // So that equal means stand in one order, whatever that of the aggregates.
  const ordered = [...aggregates].sort((a, b) => compareTexts(a.experimentDigest, b.experimentDigest))
  const names = uniqueNames(ordered)
  const table = ordered.map((aggregate, i) => ({ aggregate, name: names[i] ?? '' }))
  const ranks = exitRanks(table, sumsAt, pairs)
  const onFrontier = frontierOf(ordered)
  const spreads = trackSpreads(ordered)
  const placed = new Map(
    table.map(({ aggregate, name }, i) => [
      name,
      {
        aggregate,
        exits: aggregate.exits.map((exit, e) => ({
          ...exit,
          rank: ranks[e]?.get(name) ?? null,
          onFrontier: onFrontier[i]?.[e] ?? false,
        })),
      },
    ]),
  )
  const byLastExit = table.flatMap(({ aggregate, name }) =>
    rankingEntry(aggregate, name, aggregate.exits.length, sumsAt),
  )
  return rankEntries(byLastExit, { pairs }).flatMap((ranking) => {
    const own = placed.get(ranking.name)
    if (!own) return []
    return [withIntervals({ ...own, name: ranking.name, ranking }, spreads)]
  })
}

/**
 * Computes intervals when they are asked for: a page shows those of a few entries. It stands outside `rankAggregates`
 * because a getter keeps the scope it is made in, which there has `sumsAt`, and so the sums of a whole track.
 */
function withIntervals<S extends Rankable>(
  entry: Omit<RankedAggregate<S>, 'intervals'>,
  spreads: TrackSpreads,
): RankedAggregate<S> {
  const intervals = once(() => entryIntervals(entry.aggregate, spreads))
  return {
    ...entry,
    get intervals() {
      return intervals()
    },
  }
}

interface Named<S> {
  readonly aggregate: S
  readonly name: string
}

/** Ranks by the entries' names, for exit 1 and so on: each exit among those of the entries that have one of its number. */
function exitRanks<S extends Rankable>(
  table: readonly Named<S>[],
  sumsAt: SumsAt<S>,
  pairs: KnownPairs,
): Map<string, number | null>[] {
  const most = table.reduce((count, { aggregate }) => Math.max(count, aggregate.exits.length), 0)
  return Array.from({ length: most }, (_, i) => {
    const exits = table.flatMap(({ aggregate, name }) => rankingEntry(aggregate, name, i + 1, sumsAt))
    return ranksOf(exits, { pairs })
  })
}

/** Nothing for an entry that has no such exit. */
function rankingEntry<S extends Rankable>(
  aggregate: S,
  name: string,
  k: number,
  sumsAt: SumsAt<S>,
): RankingEntry[] {
  const counts = aggregate.counts.exits[k - 1]
  const { disputed = false } = aggregate
  if (!counts) return []
  return [{ name, counts, sums: once(() => sumsAt(aggregate, k)), baseline: isBaseline(aggregate), disputed }]
}

/** Joint training, of which the other methods are variations; a single exit is the reference of its depth alone. */
export function isBaseline({ method, exits }: EntryAggregate): boolean {
  return method === 'joint' && exits.length > 1
}

/** A flag an exit, for each entry; a disputed one is not on it, and hides no other. Means are of counts: equal ones are equal, in whatever order seeds add up. */
function frontierOf(ordered: readonly Rankable[]): boolean[][] {
  const flags = paretoFrontier(
    ordered.flatMap(({ exits, counts: { exits: counted }, disputed = false }) =>
      (disputed ? [] : exits).map(({ sequentialMacs }, i) => {
        const counts = counted[i]?.rightCounts ?? []
        return { sequentialMacs, top1: counts.reduce((sum, right) => sum + right, 0) / counts.length }
      }),
    ),
  )
  let next = 0
  return ordered.map(({ exits, disputed = false }) => exits.map(() => !disputed && (flags[next++] ?? false)))
}

function groupByExperiment<R extends EntryRun>(runs: readonly R[]): R[][] {
  const groups = new Map<string, R[]>()
  for (const run of runs) {
    const group = groups.get(run.experimentDigest)
    if (group) group.push(run)
    else groups.set(run.experimentDigest, [run])
  }
  return [...groups.values()]
}

/** Digits of an experiment's digest that tell entries of one name apart, where so many are enough. */
const shortestPrefix = 8

/** Names of entries that stand together, in their order: one that several have is followed by the start of its digest. */
export function uniqueNames(
  aggregates: readonly Pick<EntryAggregate, 'specName' | 'experimentDigest'>[],
): string[] {
  const byName = new Map<string, string[]>()
  for (const { specName, experimentDigest } of aggregates) {
    const own = byName.get(specName)
    if (own) own.push(digitsOf(experimentDigest))
    else byName.set(specName, [digitsOf(experimentDigest)])
  }
  const lengths = new Map([...byName].map(([name, digests]) => [name, uniquePrefix(digests)]))
  return aggregates.map(({ specName, experimentDigest }) =>
    (byName.get(specName)?.length ?? 0) > 1
      ? `${specName} (${digitsOf(experimentDigest).slice(0, lengths.get(specName))})`
      : specName,
  )
}

function digitsOf(digest: string): string {
  return digest.replace('sha256:', '')
}

/** How many digits tell these digests apart: anybody can search for two experiments that share the first eight. */
function uniquePrefix(digests: readonly string[]): number {
  const longest = Math.max(...digests.map(({ length }) => length))
  let length = shortestPrefix
  while (
    length < longest &&
    new Set(digests.map((digest) => digest.slice(0, length))).size < digests.length
  ) {
    length++
  }
  return length
}

/** By code unit: the same order on every machine, whatever its language. */
export function compareTexts(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1
}
