import { digestExperiment } from '@mate-bench/provenance'
import type { Manifest, Track } from '@mate-bench/schema'
import {
  type AccuracyInterval,
  type ClassifierResult,
  type ClassifierSummary,
  correctness,
  type EntryRun,
  type ExitPredictions,
  type ExitSummary,
  frontierShares,
  type RankedEntry,
  resampleEntry,
  type TableEntry,
  tableEntries,
} from '@mate-bench/stats'
import type { LoadedRun } from './load-runs.ts'
import { type RunRelation, relateRuns } from './verify/compare-runs.ts'
import { fingerprintOf } from './verify/fingerprint.ts'

export { type LoadedRun, loadRuns } from './load-runs.ts'

/** One classifier of an entry (an exit, or the ensemble of all exits) over the entry's seeds. */
export interface ClassifierReport extends ClassifierSummary {
  /** 95 %, of seeds and test images; `seedShare` says where the seeds' share is from. */
  readonly interval: AccuracyInterval
}

export interface ExitReport extends ClassifierReport, ExitSummary {
  /** Share of bootstrap resamples in which it is on the frontier. */
  readonly frontierShare: number
}

/** The runs of one experiment, aggregated. */
export interface EntryReport {
  /** Of the spec without name, description and seeds. */
  readonly experimentDigest: string
  /** Of the spec that labels the entry. */
  readonly specDigest: string
  /** The spec's name; with the start of the experiment's digest where two entries of the table share a name. */
  readonly name: string
  readonly method: string
  readonly backbone: string
  readonly head: string
  /** Those that count, in ascending order of their seeds, one per seed. */
  readonly runs: readonly LoadedRun[]
  /** Further runs of a seed that is there already. They are no new evidence and count nowhere. */
  readonly repeats: readonly LoadedRun[]
  /** Runs of seeds behind a gap, which count when the seeds before them are there. */
  readonly waiting: readonly LoadedRun[]
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
  /** Runs that are copies, near-copies or contradictions of each other. */
  readonly relations: readonly RunRelation[]
}

/**
 * Groups runs by track, then by experiment, and computes what a table shows. Tracks in order of their data's name.
 *
 * @param disputed ids of runs of which a check failed: entries that count one have no rank and are on no frontier
 */
export function groupEntries(
  runs: readonly LoadedRun[],
  disputed: ReadonlySet<string> = new Set(),
): TrackReport[] {
  const tracks = new Map<string, LoadedRun[]>()
  for (const run of runs) {
    const { digest } = run.manifest.track
    tracks.set(digest, [...(tracks.get(digest) ?? []), run])
  }
  return [...tracks.values()]
    .flatMap((group) => reportTrack(group, disputed) ?? [])
    .sort((a, b) => compare(a.track.dataset, b.track.dataset) || compare(a.track.digest, b.track.digest))
}

function reportTrack(runs: readonly LoadedRun[], disputed: ReadonlySet<string>): TrackReport | undefined {
  const track = runs[0]?.manifest.track
  if (!track) return undefined
  const table = tableEntries(runs.map(entryRun), disputed)
  const counted = table.filter(({ runs }) => runs.every(({ runId }) => !disputed.has(runId)))
  const shares = frontierShares(counted.map((entry) => ({ ...entry, top1: resampleEntry(entry.runs) })))
  const entries = table.map((entry) => reportEntry(entry, shares[counted.indexOf(entry)] ?? []))
  const prints = runs.map(({ manifest, predictions, epochs }) =>
    fingerprintOf({ manifest, table: predictions.table, epochs, weights: undefined }),
  )
  return { track, entries, relations: relateRuns(prints) }
}

/** A loaded run as the table needs it. */
interface TableRun extends EntryRun {
  readonly loaded: LoadedRun
}

function entryRun(loaded: LoadedRun): TableRun {
  const { manifest, predictions } = loaded
  const result = (metrics: Metrics | undefined, predicted: ExitPredictions | undefined): ClassifierResult => {
    if (!metrics || !predicted) throw new RangeError(`${manifest.runId} lacks the results of an exit`)
    return { ...metrics, correct: correctness(predicted) }
  }
  return {
    loaded,
    runId: manifest.runId,
    experimentDigest: digestExperiment(manifest.spec),
    specDigest: manifest.specDigest,
    name: manifest.spec.name,
    method: manifest.spec.method.name,
    seed: manifest.seed,
    finishedAt: manifest.timing.finishedAt,
    parameters: manifest.model.parameters,
    exits: manifest.model.exits.map((cost, i) => ({
      ...cost,
      ...result(manifest.results.exits[i], predictions.table.exits[i]),
    })),
    ensemble: result(manifest.results.ensemble, predictions.table.ensemble),
  }
}

type Metrics = Manifest['results']['ensemble']

function reportEntry(entry: TableEntry<TableRun>, shares: readonly number[]): EntryReport {
  const { intervals } = entry
  const [first] = entry.runs
  if (!first) throw new RangeError('an entry without runs')
  const { method, model } = first.loaded.manifest.spec
  return {
    experimentDigest: entry.experimentDigest,
    specDigest: entry.specDigest,
    name: entry.name,
    method: method.name,
    backbone: model.backbone.name,
    head: model.head.name,
    runs: entry.runs.map(({ loaded }) => loaded),
    repeats: entry.repeats.map(({ loaded }) => loaded),
    waiting: entry.waiting.map(({ loaded }) => loaded),
    seeds: entry.runs.map(({ seed }) => seed),
    parameters: entry.parameters,
    exits: entry.exits.flatMap((exit, i) => {
      const interval = intervals.exits[i]
      return interval ? [{ ...exit, interval, frontierShare: shares[i] ?? 0 }] : []
    }),
    ensemble: { ...entry.ensemble, interval: intervals.ensemble },
    ranking: entry.ranking,
  }
}

/** By code unit: the same order on every machine, whatever its language. */
function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1
}
