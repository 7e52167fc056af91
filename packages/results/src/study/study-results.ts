/**
 * What the study says, from packed runs and nothing else: every accuracy is counted from the answers, every comparison is
 * `compareCrossed`. docs/study-protocol.md fixed the questions before the first run.
 */
import type { Manifest } from '@mate-bench/schema'
import {
  compareCrossed,
  entryIntervals,
  rankEntries,
  sumOfProducts,
  sumOverRuns,
  type TrackSpread,
  trackSpreads,
} from '@mate-bench/stats'
import type { PackedRun } from '../packed-run.ts'
import { type Difference, differenceOf, rounded } from './difference.ts'
import { askQuestions, type Question } from './questions.ts'
import { type StudyEntry, studyEntries } from './study-entries.ts'

/** As many as the protocol plans. */
export const plannedSeeds = 10

export interface StudyExit {
  readonly k: number
  readonly sequentialMacs: number
  /** Top-1 over seeds: mean, standard deviation (null for one seed), and 95 % interval of seeds and images. */
  readonly mean: number
  readonly sd: number | null
  readonly lower: number
  readonly upper: number
  /** Among the methods, at this exit; null for one seed. */
  readonly rank: number | null
  /** Against joint training at this exit; null for that itself. */
  readonly againstJoint: Difference | null
}

export interface StudyMethod {
  /** The spec's name without `study-`. */
  readonly name: string
  readonly method: string
  /** What is trained, in half a sentence. */
  readonly what: string
  readonly seeds: readonly number[]
  readonly exits: readonly StudyExit[]
  /** Forward MACs an image in training, as a multiple of joint training's; null where a manifest does not say. */
  readonly trainingMacs: number | null
  /** Of the fastest run, on one core: the others shared the machine with other work. */
  readonly fastestSeconds: number
}

/** A network that is no method: one exit alone, or a teacher. */
export interface StudyReference {
  readonly name: string
  readonly what: string
  readonly seeds: readonly number[]
  readonly sequentialMacs: number
  readonly mean: number
  readonly sd: number | null
  readonly lower: number
  readonly upper: number
}

export interface StudyAttention {
  readonly name: string
  readonly seeds: number
  /** Teachers by exits: rows add up to 1. Means over seeds. */
  readonly mean: readonly (readonly number[])[]
  /** Standard deviations over seeds; null for one. */
  readonly sd: readonly (readonly number[])[] | null
}

export interface StudyResults {
  readonly version: 1
  readonly dataset: string
  readonly trackDigest: string
  readonly splits: { readonly train: number; readonly validation: number; readonly test: number }
  readonly epochs: number
  readonly plannedSeeds: number
  readonly runs: number
  readonly wallHours: number
  readonly processors: readonly string[]
  readonly backends: readonly string[]
  /** By the mean of the last exit, best first. */
  readonly methods: readonly StudyMethod[]
  readonly references: readonly StudyReference[]
  readonly questions: readonly Question[]
  readonly attention: readonly StudyAttention[]
  /** Numbers of papers for this very network and dataset, a line each. */
  readonly published: readonly string[]
}

/**
 * @param packed runs of the study, all of one track
 * @param published what papers print of this network and dataset, a line each
 * @throws BenchError `bad-input` for runs of several tracks
 */
export function studyResults(packed: readonly PackedRun[], published: readonly string[] = []): StudyResults {
  const entries = studyEntries(packed)
  const methods = entries.filter(({ isMethod }) => isMethod)
  const references = entries.filter(({ isMethod }) => !isMethod)
  const [first] = packed
  if (!first) throw new RangeError('a study of no runs')
  const { track, spec } = first.manifest
  const { train, validation, test } = track.splits
  const counted = entries.flatMap(({ runs }) => runs.map(({ packed: run }) => run.manifest))
  return {
    version: 1,
    dataset: track.dataset,
    trackDigest: track.digest,
    splits: { train: train.count, validation: validation.count, test: test.count },
    epochs: Number(spec.training.epochs),
    plannedSeeds,
    runs: counted.length,
    wallHours: rounded(counted.reduce((sum, { timing }) => sum + timing.wallSeconds, 0) / 3600),
    processors: distinct(counted.map(({ environment }) => environment.cpu)),
    backends: distinct(counted.map(({ environment }) => environment.backend.name)),
    methods: methodRows(methods),
    references: references.map(referenceRow),
    questions: askQuestions(entries),
    attention: methods.flatMap(attentionOf),
    published,
  }
}

const distinct = (values: readonly string[]) => [...new Set(values)].sort()

function methodRows(methods: readonly StudyEntry[]): StudyMethod[] {
  const spreads = trackSpreads(methods.map(({ aggregate }) => aggregate))
  const joint = methods.find(({ name }) => name === 'joint')
  const depth = Math.max(0, ...methods.map(({ aggregate }) => aggregate.exits.length))
  const tables = Array.from({ length: depth }, (_, i) => rankAt(methods, i))
  const rows = methods.map((entry): StudyMethod => {
    const { aggregate, name, what } = entry
    const intervals = entryIntervals(aggregate, spreads)
    return {
      name,
      method: aggregate.method,
      what,
      seeds: aggregate.runs.map(({ seed }) => seed),
      exits: aggregate.exits.map(({ k, sequentialMacs, top1 }, i) => {
        const ranked = tables[i]?.get(name)
        const interval = intervals.exits[i]
        return {
          k,
          sequentialMacs,
          mean: rounded(top1.mean),
          sd: top1.sd === null ? null : rounded(top1.sd),
          lower: rounded(interval?.lower ?? 0),
          upper: rounded(interval?.upper ?? 1),
          rank: ranked?.rank ?? null,
          againstJoint: ranked?.againstBaseline
            ? differenceOf(ranked.againstBaseline)
            : firstSeeds(entry, joint, i, spreads.exits[i] ?? null),
        }
      }),
      trainingMacs: relativeMacs(entry, joint),
      fastestSeconds: rounded(
        Math.min(...entry.runs.map(({ packed }) => packed.manifest.timing.wallSeconds)),
      ),
    }
  })
  const last = (row: StudyMethod) => row.exits.at(-1)?.mean ?? 0
  return rows.sort((a, b) => last(b) - last(a) || (a.name < b.name ? -1 : 1))
}

/** While joint training has one seed there is no test: the difference is shown, and nothing is called significant. */
function firstSeeds(
  entry: StudyEntry,
  joint: StudyEntry | undefined,
  exit: number,
  track: TrackSpread | null,
): Difference | null {
  const [own, base] = [entry.aggregate.counts.exits[exit], joint?.aggregate.counts.exits[exit]]
  if (!own || !base || !joint || entry === joint) return null
  const sums = ({ runs }: StudyEntry) => sumOverRuns(runs.flatMap((run) => run.exits[exit]?.correct ?? []))
  const compared = compareCrossed(own, base, sumOfProducts(sums(entry), sums(joint)), { track })
  return differenceOf({ ...compared, adjustedPValue: 1, apart: false })
}

/** Ranks of all methods at one exit, and comparisons with joint training there. */
function rankAt(methods: readonly StudyEntry[], exit: number) {
  const ranked = rankEntries(
    methods.flatMap((entry) => {
      const counts = entry.aggregate.counts.exits[exit]
      const sums = () => sumOverRuns(entry.runs.flatMap((run) => run.exits[exit]?.correct ?? []))
      return counts ? [{ name: entry.name, counts, sums, baseline: entry.name === 'joint' }] : []
    }),
  )
  return new Map(ranked.map((row) => [row.name, row]))
}

function relativeMacs(entry: StudyEntry, joint: StudyEntry | undefined): number | null {
  const of = (one: StudyEntry | undefined) => one?.runs[0]?.packed.manifest.training.trainingMacsPerImage
  const [own, base] = [of(entry), of(joint)]
  return own === undefined || base === undefined ? null : rounded(own / base)
}

function referenceRow({ name, what, aggregate }: StudyEntry): StudyReference {
  const exit = aggregate.exits.at(-1)
  const interval = entryIntervals(aggregate, trackSpreads([aggregate])).exits.at(-1)
  return {
    name,
    what,
    seeds: aggregate.runs.map(({ seed }) => seed),
    sequentialMacs: exit?.sequentialMacs ?? 0,
    mean: rounded(exit?.top1.mean ?? 0),
    sd: exit?.top1.sd == null ? null : rounded(exit.top1.sd),
    lower: rounded(interval?.lower ?? 0),
    upper: rounded(interval?.upper ?? 1),
  }
}

function attentionOf({ name, runs }: StudyEntry): StudyAttention[] {
  const matrices = runs.flatMap(({ packed }) => attentionIn(packed.manifest))
  const [first] = matrices
  if (!first) return []
  const cells = (f: (values: readonly number[]) => number) =>
    first.map((row, i) => row.map((_, j) => rounded(f(matrices.map((matrix) => matrix[i]?.[j] ?? 0)))))
  const sd = (values: readonly number[]) => {
    const mean = meanOf(values)
    return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1))
  }
  return [{ name, seeds: matrices.length, mean: cells(meanOf), sd: matrices.length > 1 ? cells(sd) : null }]
}

function attentionIn({ results }: Manifest): number[][][] {
  return results.attention === undefined || results.attention.length === 0 ? [] : [results.attention]
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
