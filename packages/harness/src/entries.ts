import type { Manifest, Track } from '@mate-bench/schema'
import {
  type BootstrapInterval,
  clusteredBootstraps,
  correctness,
  type ExitPredictions,
  frontierStability,
  paretoFrontier,
  type RankedEntry,
  rankTieGroups,
  type SeedSummary,
  summariseSeeds,
} from '@mate-bench/stats'
import type { LoadedRun } from './load-runs.ts'

export { type LoadedRun, loadRuns } from './load-runs.ts'

/** One classifier of an entry (an exit, or the ensemble of all exits) over the entry's seeds. */
export interface ClassifierReport {
  /** Mean and sample standard deviation over seeds; `sd` is null for one seed. */
  readonly top1: SeedSummary
  /** 95 %, clustered bootstrap over seeds x test images; `coversSeeds` is false for one seed. */
  readonly interval: BootstrapInterval
  /** Means over seeds. AUROC is null where no seed has one. */
  readonly top5: number
  readonly nll: number
  readonly ece: number
  readonly auroc: number | null
}

export interface ExitReport extends ClassifierReport {
  readonly k: number
  readonly after: string
  readonly isolatedMacs: number
  readonly sequentialMacs: number
  /** Backbone up to the exit and its own head. */
  readonly parameters: number
  /** Whether no exit in the table costs at most as much and is at least as accurate. */
  readonly onFrontier: boolean
  /** Share of bootstrap resamples in which it is on the frontier. */
  readonly frontierShare: number
}

/** The runs of one spec, aggregated. */
export interface EntryReport {
  readonly specDigest: string
  /** The spec's name; with the start of its digest where two specs of the table share a name. */
  readonly name: string
  readonly method: string
  readonly backbone: string
  readonly head: string
  /** In ascending order of their seeds, one a seed. */
  readonly runs: readonly LoadedRun[]
  /** Further runs of a seed that is there already. They are no new evidence and count nowhere. */
  readonly repeats: readonly LoadedRun[]
  readonly seeds: readonly number[]
  /** Trainable parameters of the whole network. */
  readonly parameters: number
  readonly exits: readonly ExitReport[]
  readonly ensemble: ClassifierReport
  /** By the last exit, among the entries of the track. */
  readonly ranking: RankedEntry
}

/** Entries that may share a table: same data, splits, preprocessing, protocol and cost convention. */
export interface TrackReport {
  readonly track: Track
  /** Best first. */
  readonly entries: readonly EntryReport[]
}

/** Fixed, so that a report of the same runs is the same report. */
const bootstrap = { seed: 0, resamples: 2000, level: 0.95 }

/** Groups runs by track, then by spec, and computes what a table shows. Tracks in order of their data's name. */
export function groupEntries(runs: readonly LoadedRun[]): TrackReport[] {
  return groupBy(runs, ({ manifest }) => manifest.track.digest)
    .flatMap((group) => reportTrack(group) ?? [])
    .sort((a, b) => compare(a.track.dataset, b.track.dataset) || compare(a.track.digest, b.track.digest))
}

function reportTrack(runs: readonly LoadedRun[]): TrackReport | undefined {
  const track = runs[0]?.manifest.track
  if (!track) return undefined
  const drafts = groupBy(runs, ({ manifest }) => manifest.specDigest)
    .map(draftEntry)
    .sort((a, b) => compare(a.manifest.specDigest, b.manifest.specDigest))
  const names = uniqueNames(drafts.map(({ manifest }) => manifest))
  const ranked = rankTieGroups(
    drafts.map(({ correct }, i) => ({ name: names[i] ?? '', correct: correct.at(-2) ?? [] })),
  )
  // All classifiers of all entries in one bootstrap: every interval of a table draws the same images.
  const intervals = clusteredBootstraps(
    drafts.flatMap(({ correct }, cluster) => correct.map((group) => ({ runs: group, cluster }))),
    bootstrap,
  )
  const frontier = reportFrontier(drafts)
  const entries = ranked.flatMap((ranking) => {
    const index = names.indexOf(ranking.name)
    const draft = drafts[index]
    if (!draft) return []
    const before = drafts.slice(0, index).reduce((sum, { correct }) => sum + correct.length, 0)
    const own = intervals.slice(before, before + draft.correct.length)
    return [reportEntry(draft, ranking, own, frontier[index] ?? [])]
  })
  return { track, entries }
}

/** An entry's runs, and who was right where: the exits in order, then the ensemble; each S runs of N images. */
interface EntryDraft {
  readonly manifest: Manifest
  readonly runs: readonly LoadedRun[]
  readonly repeats: readonly LoadedRun[]
  readonly correct: readonly (readonly Uint8Array[])[]
}

function draftEntry(all: readonly LoadedRun[]): EntryDraft {
  const ordered = [...all].sort(
    (a, b) =>
      a.manifest.seed - b.manifest.seed ||
      compare(a.manifest.timing.finishedAt, b.manifest.timing.finishedAt) ||
      compare(a.manifest.runId, b.manifest.runId),
  )
  const isFirst = (run: LoadedRun, i: number) => ordered[i - 1]?.manifest.seed !== run.manifest.seed
  const runs = ordered.filter(isFirst)
  const repeats = ordered.filter((run, i) => !isFirst(run, i))
  const [first] = runs
  if (!first) throw new RangeError('an entry without runs')
  const over = (pick: (run: LoadedRun) => ExitPredictions | undefined) =>
    runs.flatMap((run) => {
      const predictions = pick(run)
      return predictions ? [correctness(predictions)] : []
    })
  const exits = first.manifest.model.exits.map((_, k) => over((run) => run.predictions.table.exits[k]))
  const ensemble = over((run) => run.predictions.table.ensemble)
  return { manifest: first.manifest, runs, repeats, correct: [...exits, ensemble] }
}

function uniqueNames(manifests: readonly Manifest[]): string[] {
  const names = manifests.map(({ spec }) => spec.name)
  return manifests.map(({ spec, specDigest }) => {
    const shared = names.filter((name) => name === spec.name).length > 1
    return shared ? `${spec.name} (${specDigest.slice('sha256:'.length, 'sha256:'.length + 8)})` : spec.name
  })
}

interface FrontierFlag {
  readonly onFrontier: boolean
  readonly frontierShare: number
}

/** One list of flags an entry, one flag an exit. */
function reportFrontier(drafts: readonly EntryDraft[]): FrontierFlag[][] {
  const points = drafts.flatMap(({ manifest, correct }) =>
    manifest.model.exits.map(({ sequentialMacs }, k) => ({
      entry: manifest.specDigest,
      sequentialMacs,
      runs: correct[k] ?? [],
    })),
  )
  const on = paretoFrontier(
    points.map(({ sequentialMacs, runs }) => ({
      sequentialMacs,
      top1: summariseSeeds(runs.map(accuracy)).mean,
    })),
  )
  const shares = frontierStability(points, bootstrap)
  let next = 0
  return drafts.map(({ manifest }) =>
    manifest.model.exits.map(() => {
      const i = next++
      return { onFrontier: on[i] ?? false, frontierShare: shares[i] ?? 0 }
    }),
  )
}

function reportEntry(
  { manifest, runs, repeats }: EntryDraft,
  ranking: RankedEntry,
  intervals: readonly BootstrapInterval[],
  frontier: readonly FrontierFlag[],
): EntryReport {
  const classifier = (pick: (results: Manifest['results']) => Metrics | undefined, index: number) =>
    reportClassifier(
      runs.flatMap((run) => pick(run.manifest.results) ?? []),
      intervals[index],
    )
  return {
    specDigest: manifest.specDigest,
    name: ranking.name,
    method: manifest.spec.method.name,
    backbone: manifest.spec.model.backbone.name,
    head: manifest.spec.model.head.name,
    runs,
    repeats,
    seeds: runs.map((run) => run.manifest.seed),
    parameters: manifest.model.parameters,
    exits: manifest.model.exits.map(({ k, after, isolatedMacs, sequentialMacs, parameters }, i) => ({
      k,
      after,
      isolatedMacs,
      sequentialMacs,
      parameters,
      ...classifier(({ exits }) => exits[i], i),
      ...(frontier[i] ?? { onFrontier: false, frontierShare: 0 }),
    })),
    ensemble: classifier(({ ensemble }) => ensemble, manifest.model.exits.length),
    ranking,
  }
}

type Metrics = Manifest['results']['ensemble']

function reportClassifier(
  metrics: readonly Metrics[],
  interval: BootstrapInterval | undefined,
): ClassifierReport {
  if (!interval) throw new RangeError('a classifier without an interval')
  const aurocs = metrics.flatMap(({ auroc }) => auroc ?? [])
  return {
    top1: summariseSeeds(metrics.map(({ top1 }) => top1)),
    interval,
    top5: mean(metrics.map(({ top5 }) => top5)),
    nll: mean(metrics.map(({ nll }) => nll)),
    ece: mean(metrics.map(({ ece }) => ece)),
    auroc: aurocs.length === 0 ? null : mean(aurocs),
  }
}

function mean(values: readonly number[]): number {
  return summariseSeeds(values).mean
}

function accuracy(run: Uint8Array): number {
  return run.reduce((sum, right) => sum + right, 0) / run.length
}

/** Groups in order of their first member; `Map.groupBy` is not there before Node 21. */
function groupBy<T>(items: readonly T[], key: (item: T) => string): T[][] {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const group = groups.get(key(item))
    if (group) group.push(item)
    else groups.set(key(item), [item])
  }
  return [...groups.values()]
}

/** By code unit: the same order on every machine, whatever its language. */
function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1
}
