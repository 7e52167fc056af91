/** From the runs of one experiment to what a table says of them, without the table. */
import type { CrossedCounts } from './crossed.ts'
import { sumOfProducts, sumOverRuns } from './image-sums.ts'
import { type SeedSummary, summariseSeeds } from './intervals.ts'

/**
 * Raised by hand with whatever makes the same runs give another aggregate, other intervals or another share: what was
 * computed before is then computed again.
 */
export const aggregateVersion = 6

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
  /** Backbone up to the exit, its own head, and those of earlier exits whose logits it adds. */
  readonly parameters: number
}

/** One experiment trained with one seed. */
export interface EntryRun {
  readonly runId: string
  /** Of the spec without name, description and seeds: what makes runs one entry. */
  readonly experimentDigest: string
  readonly specDigest: string
  /** Of the spec. */
  readonly name: string
  readonly method: string
  readonly seed: number
  /** Where it was published: of several runs of one seed the one that was published first counts. */
  readonly publishedAt?: Date | undefined
  /** ISO 8601, as the run says: of several runs of one seed that nobody published the first counts. */
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

/** An exit over the seeds of an entry. */
export interface ExitMeans extends ClassifierSummary {
  readonly k: number
  readonly after: string
  readonly isolatedMacs: number
  readonly sequentialMacs: number
  readonly parameters: number
}

/** An exit in its table. */
export interface ExitSummary extends ExitMeans {
  /**
   * Among the exits of its number, of all entries of the table that have one: as entries are ranked by their last. Null
   * for one seed.
   */
  readonly rank: number | null
  /** As `paretoFrontier` of all exits of the table has it: equal ones are on it together. */
  readonly onFrontier: boolean
}

/** A run by its names. */
export interface NamedRun {
  readonly runId: string
  readonly seed: number
}

/**
 * The runs of one experiment, aggregated: all that a table needs of them but the sums over runs of who is right where
 * (`sumOverRuns`), which comparisons of two entries are made of. It depends on these runs alone, so it can be computed when
 * one of them is published.
 */
export interface EntryAggregate {
  readonly experimentDigest: string
  /** The spec that labels the entry: of the run that was added last, of those that count. */
  readonly specDigest: string
  readonly specName: string
  /** Those that count, in ascending order of their seeds, one per seed. */
  readonly runs: readonly NamedRun[]
  /** Further runs of a seed that is there already. */
  readonly repeats: readonly NamedRun[]
  /** Runs of seeds behind a gap, in ascending order of their seeds: they count when the seeds before them are there. */
  readonly waiting: readonly NamedRun[]
  readonly method: string
  readonly parameters: number
  readonly exits: readonly ExitMeans[]
  readonly ensemble: ClassifierSummary
  /** What intervals and comparisons are made of; exits shallowest first. */
  readonly counts: { readonly exits: readonly CrossedCounts[]; readonly ensemble: CrossedCounts }
}

/** What decides whether a run counts. */
export type SelectableRun = Pick<EntryRun, 'runId' | 'seed' | 'publishedAt' | 'finishedAt'>

/** Runs that count and runs that do not. */
export interface SelectedRuns<R extends SelectableRun = EntryRun> {
  readonly first: R
  /** Of the runs that count the one that was added last: its spec's name is the entry's. */
  readonly label: R
  readonly runs: readonly R[]
  readonly repeats: readonly R[]
  readonly waiting: readonly R[]
}

/**
 * Of several runs of one seed the first counts; they are no new evidence. Publication is what a site knows, and the end of
 * a run what its author says: a run that claims an earlier date takes no published one's place. Whatever the order of the
 * runs, the result is the same.
 *
 * Seeds count from 1 without a gap, so that nobody can train many and show the best: seed 5 waits until 1 to 4 are there.
 * An entry without seed 1 shows its lowest seed alone.
 *
 * @param all of one experiment, at least one
 */
export function selectRuns<R extends SelectableRun>(all: readonly R[]): SelectedRuns<R> {
  const ordered = [...all].sort(
    (a, b) =>
      a.seed - b.seed ||
      (a.publishedAt?.getTime() ?? 0) - (b.publishedAt?.getTime() ?? 0) ||
      compare(a.finishedAt, b.finishedAt) ||
      compare(a.runId, b.runId),
  )
  const isFirst = (run: R, i: number) => ordered[i - 1]?.seed !== run.seed
  const distinct = ordered.filter(isFirst)
  const gapless = withoutGap(distinct)
  const runs = gapless.length > 0 ? gapless : distinct.slice(0, 1)
  const [first] = runs
  const [label] = [...runs].sort(
    (a, b) =>
      (b.publishedAt?.getTime() ?? 0) - (a.publishedAt?.getTime() ?? 0) ||
      compare(b.finishedAt, a.finishedAt) ||
      b.seed - a.seed,
  )
  if (!first || !label) throw new RangeError('an entry without runs')
  return {
    ...{ first, label, runs },
    repeats: ordered.filter((run, i) => !isFirst(run, i)),
    waiting: distinct.filter((run) => !runs.includes(run)),
  }
}

/** Those of the seeds 1, 2, 3 and so on up to the first that is missing. */
function withoutGap<R extends SelectableRun>(distinct: readonly R[]): R[] {
  const positive = distinct.filter(({ seed }) => seed >= 1)
  return positive.filter(({ seed }, i) => seed === i + 1)
}

/** What a table needs of an entry. */
export function aggregateEntry({ first, label, runs, repeats, waiting }: SelectedRuns): EntryAggregate {
  const named = ({ runId, seed }: EntryRun): NamedRun => ({ runId, seed })
  return {
    experimentDigest: first.experimentDigest,
    specDigest: label.specDigest,
    specName: label.name,
    runs: runs.map(named),
    repeats: repeats.map(named),
    waiting: waiting.map(named),
    method: first.method,
    parameters: first.parameters,
    exits: first.exits.map(({ k, after, isolatedMacs, sequentialMacs, parameters }, i) => ({
      k,
      after,
      isolatedMacs,
      sequentialMacs,
      parameters,
      ...summariseClassifier(runs.flatMap((run) => run.exits[i] ?? [])),
    })),
    ensemble: summariseClassifier(runs.map(({ ensemble }) => ensemble)),
    counts: {
      exits: first.exits.map((_, i) => countCrossed(correctAt(runs, i))),
      ensemble: countCrossed(runs.map(({ ensemble }) => ensemble.correct)),
    },
  }
}

/** Who is right at an exit of each run. [S][N] */
export function correctAt(runs: readonly EntryRun[], exit: number): Uint8Array[] {
  return runs.flatMap(({ exits }) => exits[exit]?.correct ?? [])
}

/** @param correct [S][N] */
export function countCrossed(correct: readonly Uint8Array[]): CrossedCounts {
  const sums = sumOverRuns(correct)
  return {
    images: sums.images,
    rightCounts: correct.map((run) => run.reduce((sum, right) => sum + right, 0)),
    squares: sumOfProducts(sums, sums),
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
