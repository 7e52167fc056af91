import { digestExperiment } from '@mate-bench/provenance'
import { BenchError } from '@mate-bench/schema'
import {
  aggregateEntry,
  type ClassifierResult,
  type EntryAggregate,
  type EntryRun,
  selectRuns,
} from '@mate-bench/stats'
import { correctnessOf } from '../answers-file.ts'
import type { PackedRun } from '../packed-run.ts'

/** A packed run as tables need it. */
export interface StudyRun extends EntryRun {
  readonly packed: PackedRun
}

export interface StudyEntry {
  /** The spec's name without `study-`. */
  readonly name: string
  readonly what: string
  /** A network with several exits; others are references. */
  readonly isMethod: boolean
  readonly aggregate: EntryAggregate
  /** Those that count, by seed. */
  readonly runs: readonly StudyRun[]
}

/**
 * The entries of the study, by name.
 * @throws BenchError `bad-input` for runs of several tracks
 */
export function studyEntries(packed: readonly PackedRun[]): StudyEntry[] {
  const tracks = new Set(packed.map(({ manifest }) => manifest.track.digest))
  if (tracks.size > 1) {
    throw new BenchError({
      code: 'bad-input',
      message: `The runs of the study are of ${tracks.size} tracks, so they can't share a table.`,
      path: 'track',
    })
  }
  const groups = new Map<string, StudyRun[]>()
  for (const run of packed.map(studyRun)) {
    groups.set(run.experimentDigest, [...(groups.get(run.experimentDigest) ?? []), run])
  }
  const entries = [...groups.values()].map((group): StudyEntry => {
    const selected = selectRuns(group)
    const { spec } = selected.label.packed.manifest
    return {
      name: spec.name.replace(/^study-/, ''),
      what: whatOf(typeof spec.description === 'string' ? spec.description : ''),
      isMethod: selected.first.exits.length > 1,
      aggregate: aggregateEntry(selected),
      runs: selected.runs,
    }
  })
  return entries.sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** The half-sentence in the middle of a description. */
function whatOf(description: string): string {
  return /^[^:]+: (.+?)\. Same data/.exec(description)?.[1] ?? description
}

function studyRun(packed: PackedRun): StudyRun {
  const { manifest, answers } = packed
  const { runId, spec, specDigest, seed, timing, model, results } = manifest
  const result = (
    metrics: Omit<ClassifierResult, 'correct'>,
    own: Int16Array | undefined,
  ): ClassifierResult => {
    if (!own) throw new RangeError(`${runId} lacks the answers of an exit`)
    return { ...metrics, correct: correctnessOf(own) }
  }
  return {
    packed,
    runId,
    experimentDigest: digestExperiment(spec),
    specDigest,
    name: spec.name,
    method: String(spec.method.name),
    seed,
    finishedAt: timing.finishedAt,
    parameters: model.parameters,
    exits: results.exits.flatMap((metrics, i) => {
      const cost = model.exits[i]
      return cost ? [{ ...cost, ...result(metrics, answers.exits[i]), k: i + 1 }] : []
    }),
    ensemble: result(results.ensemble, answers.ensemble),
  }
}
