import {
  confidenceExits,
  fitConfidence,
  outcomeOf,
  type PolicyOutcome,
  type PredictionTable,
} from '@mate-bench/stats'

/** What the reader set: an average budget, from which a threshold is fitted, or the thresholds themselves. */
export type ExploreState =
  | { readonly mode: 'budget'; readonly budgetMacs: number }
  | { readonly mode: 'thresholds'; readonly thresholds: readonly Threshold[] }

/** A confidence in [0, 1]; null lets nobody leave. */
export type Threshold = number | null

export interface ExploreResult extends PolicyOutcome {
  /** One an exit but the last. */
  readonly thresholds: readonly Threshold[]
  /** Share right among the images that leave at each exit; null where none leaves. */
  readonly accuracies: readonly (number | null)[]
  /** On the validation split, where the threshold was fitted; null for thresholds set by hand. */
  readonly validation: PolicyOutcome | null
}

export interface ExploredRun {
  readonly test: PredictionTable
  readonly validation: PredictionTable | undefined
  /** [K] */
  readonly sequentialMacs: readonly number[]
}

/**
 * Reads `?budget=` in MACs or `?t=` with a threshold, or `never`, for each exit but the last; half-way between first and
 * last exit by default.
 */
export function parseExploreState(
  query: Readonly<Record<string, string | string[] | undefined>>,
  { sequentialMacs, validation }: Pick<ExploredRun, 'sequentialMacs' | 'validation'>,
): ExploreState {
  const text = (key: string) => {
    const value = query[key]
    return Array.isArray(value) ? value.join(',') : value
  }
  const [first = 0, last = 0] = [sequentialMacs[0], sequentialMacs.at(-1)]
  const parts = text('t')?.split(',') ?? []
  const thresholds = parts.flatMap(readThreshold)
  if (thresholds.length === parts.length && parts.length === sequentialMacs.length - 1)
    return { mode: 'thresholds', thresholds }
  if (!validation) return { mode: 'thresholds', thresholds: sequentialMacs.slice(1).map(() => 0.9) }
  const budget = Number(text('budget') ?? Number.NaN)
  const budgetMacs = Number.isFinite(budget) ? Math.min(last, Math.max(first, budget)) : (first + last) / 2
  return { mode: 'budget', budgetMacs: Math.round(budgetMacs) }
}

/** None where it is no threshold. */
function readThreshold(text: string): readonly Threshold[] {
  if (text === 'never') return [null]
  const value = Number(text)
  return text !== '' && value >= 0 && value <= 1 ? [Number(value.toFixed(thresholdDecimals))] : []
}

/** The query string of a state. */
export function exploreQuery(state: ExploreState): string {
  if (state.mode === 'budget') return `?budget=${Math.round(state.budgetMacs)}`
  const written = (value: Threshold) => (value === null ? 'never' : Number(value.toFixed(thresholdDecimals)))
  return `?t=${state.thresholds.map(written).join(',')}`
}

/** Policies compare on a grid of 2^-16; five decimals are the fewest that tell its steps apart. */
const thresholdDecimals = 5

/** As a reader sees it. */
export function thresholdText(value: Threshold): string {
  return value === null ? 'never' : value.toFixed(thresholdDecimals)
}

/** What a setting gives. The server and the browser call this same function on the same predictions. */
export function explore(run: ExploredRun, state: ExploreState): ExploreResult {
  const { test, validation, sequentialMacs } = run
  const fitted =
    state.mode === 'budget' && validation ? fitConfidence(validation, sequentialMacs, state.budgetMacs) : null
  const thresholds =
    state.mode === 'thresholds'
      ? state.thresholds
      : sequentialMacs.slice(1).map(() => fittedThreshold(fitted?.setting ?? 0))
  const exitIndex = confidenceExits(test, thresholds)
  return {
    ...outcomeOf(test, exitIndex, sequentialMacs),
    thresholds,
    accuracies: accuraciesAmong(test, exitIndex),
    validation: fitted?.validation ?? null,
  }
}

/** With the whole budget to spend the fit is one step above 1, which nobody meets. */
function fittedThreshold(setting: number): Threshold {
  return setting > 1 ? null : setting
}

function accuraciesAmong(test: PredictionTable, exitIndex: Uint8Array): (number | null)[] {
  const counts = test.exits.map(() => ({ left: 0, right: 0 }))
  exitIndex.forEach((k, i) => {
    const count = counts[k]
    if (!count) return
    count.left++
    if (test.exits[k]?.labelRank[i] === 0) count.right++
  })
  return counts.map(({ left, right }) => (left === 0 ? null : right / left))
}
