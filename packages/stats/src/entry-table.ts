/**
 * The one way from runs to the entries of a table: which runs count, their means, ranks, intervals and frontier.
 * A report of run folders, the site and its API all call this, so they can't disagree.
 */
import { type BootstrapInterval, clusteredBootstraps } from './bootstrap.ts'
import { type SeedSummary, summariseSeeds } from './intervals.ts'
import { frontierStability, paretoFrontier } from './pareto.ts'
import { type RankedEntry, rankTieGroups } from './ranking.ts'

/** What one run says of one classifier: an exit, or the ensemble of all exits. */
export interface ClassifierResult {
  readonly top1: number
  readonly top5: number
  readonly nll: number
  readonly ece: number
  readonly auroc: number | null
  /** [N] in dataset order, 1 where right. */
  readonly correct: Uint8Array
}

export interface ExitResult extends ClassifierResult {
  readonly k: number
  readonly after: string
  readonly isolatedMacs: number
  readonly sequentialMacs: number
  /** Backbone up to the exit and its own head. */
  readonly parameters: number
}

/** One spec trained with one seed. */
export interface EntryRun {
  readonly runId: string
  readonly specDigest: string
  /** Of the spec. */
  readonly name: string
  readonly seed: number
  /** ISO 8601: of several runs of one seed the first counts. */
  readonly finishedAt: string
  /** Trainable parameters of the whole network. */
  readonly parameters: number
  readonly exits: readonly ExitResult[]
  readonly ensemble: ClassifierResult
}

/** A classifier over the seeds of an entry. */
export interface ClassifierSummary {
  /** Mean and sample standard deviation over seeds; `sd` is null for one seed. */
  readonly top1: SeedSummary
  /** Means over seeds. AUROC is null where no seed has one. */
  readonly top5: number
  readonly nll: number
  readonly ece: number
  readonly auroc: number | null
}

export interface ExitSummary extends ClassifierSummary {
  readonly k: number
  readonly after: string
  readonly isolatedMacs: number
  readonly sequentialMacs: number
  readonly parameters: number
  /** Whether no exit in the table costs at most as much and is at least as accurate. */
  readonly onFrontier: boolean
}

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

/**
 * Groups the runs of one track by spec, and ranks them. Whatever the order of the runs, the result is the same.
 *
 * @param runs of one track: all over the same test images
 * @returns best first
 */
export function tableEntries<R extends EntryRun>(runs: readonly R[]): TableEntry<R>[] {
  const drafts = groupBySpec(runs).map(selectRuns)
  const names = uniqueNames(drafts.map(({ first }) => first))
  const ranked = rankTieGroups(
    drafts.map(({ runs }, i) => ({ name: names[i] ?? '', correct: runs.map(lastExit) })),
  )
  const summaries = drafts.map(summarise)
  const points = summaries.flatMap(({ exits }) =>
    exits.map(({ sequentialMacs, top1 }) => ({ sequentialMacs, top1: top1.mean })),
  )
  const onFrontier = paretoFrontier(points)
  const firstPoint = new Map<string, number>()
  let next = 0
  for (const [i, { exits }] of summaries.entries()) {
    firstPoint.set(names[i] ?? '', next)
    next += exits.length
  }
  const indexOf = new Map(names.map((name, i) => [name, i]))
  return ranked.flatMap((ranking) => {
    const index = indexOf.get(ranking.name) ?? -1
    const [draft, summary] = [drafts[index], summaries[index]]
    if (!draft || !summary) return []
    const start = firstPoint.get(ranking.name) ?? 0
    return [
      {
        specDigest: draft.first.specDigest,
        name: ranking.name,
        runs: draft.runs,
        repeats: draft.repeats,
        parameters: draft.first.parameters,
        exits: summary.exits.map((exit, k) => ({ ...exit, onFrontier: onFrontier[start + k] ?? false })),
        ensemble: summary.ensemble,
        ranking,
      },
    ]
  })
}

/**
 * Intervals of entries of one track, one each in their order. An entry's intervals depend on its own runs alone:
 * they are the same in any table, and may be computed for a part of one.
 */
export function entryIntervals(entries: readonly Pick<TableEntry, 'runs'>[]): EntryIntervals[] {
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
  const intervals = clusteredBootstraps(groups.flat(), bootstrap)
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

interface Draft<R> {
  readonly first: R
  readonly runs: readonly R[]
  readonly repeats: readonly R[]
}

function groupBySpec<R extends EntryRun>(runs: readonly R[]): R[][] {
  const groups = new Map<string, R[]>()
  for (const run of runs) {
    const group = groups.get(run.specDigest)
    if (group) group.push(run)
    else groups.set(run.specDigest, [run])
  }
  return [...groups.values()].sort((a, b) => compare(a[0]?.specDigest ?? '', b[0]?.specDigest ?? ''))
}

function selectRuns<R extends EntryRun>(all: readonly R[]): Draft<R> {
  const ordered = [...all].sort(
    (a, b) => a.seed - b.seed || compare(a.finishedAt, b.finishedAt) || compare(a.runId, b.runId),
  )
  const isFirst = (run: R, i: number) => ordered[i - 1]?.seed !== run.seed
  const [first] = ordered
  if (!first) throw new RangeError('an entry without runs')
  return {
    first,
    runs: ordered.filter(isFirst),
    repeats: ordered.filter((run, i) => !isFirst(run, i)),
  }
}

function lastExit({ exits }: EntryRun): Uint8Array {
  return exits.at(-1)?.correct ?? new Uint8Array()
}

function uniqueNames(firsts: readonly EntryRun[]): string[] {
  const uses = new Map<string, number>()
  for (const { name } of firsts) uses.set(name, (uses.get(name) ?? 0) + 1)
  return firsts.map(({ name, specDigest }) =>
    (uses.get(name) ?? 0) > 1 ? `${name} (${specDigest.replace('sha256:', '').slice(0, 8)})` : name,
  )
}

function summarise({ first, runs }: Draft<EntryRun>) {
  return {
    exits: first.exits.map(({ k, after, isolatedMacs, sequentialMacs, parameters }, i) => ({
      k,
      after,
      isolatedMacs,
      sequentialMacs,
      parameters,
      ...summariseClassifier(runs.flatMap((run) => run.exits[i] ?? [])),
    })),
    ensemble: summariseClassifier(runs.map(({ ensemble }) => ensemble)),
  }
}

function summariseClassifier(results: readonly ClassifierResult[]): ClassifierSummary {
  const aurocs = results.flatMap(({ auroc }) => auroc ?? [])
  return {
    top1: summariseSeeds(results.map(({ top1 }) => top1)),
    top5: mean(results.map(({ top5 }) => top5)),
    nll: mean(results.map(({ nll }) => nll)),
    ece: mean(results.map(({ ece }) => ece)),
    auroc: aurocs.length === 0 ? null : mean(aurocs),
  }
}

function mean(values: readonly number[]): number {
  return summariseSeeds(values).mean
}

/** By code unit: the same order on every machine, whatever its language. */
function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1
}
