import {
  confidenceExits,
  controlLoss,
  type ExitRule,
  entropyExits,
  fitRule,
  outcomeOf,
  type PolicyOutcome,
  type PredictionTable,
  patienceExits,
  type RuleFit,
  type RuleSetting,
} from '@mate-bench/stats'
import type { ExploreState, Goal } from './explore-state.ts'

/** A run's published predictions. */
export interface ExploredRun {
  readonly test: PredictionTable
  readonly validation: PredictionTable | undefined
  /** [K] */
  readonly sequentialMacs: readonly number[]
}

export interface ExploreResult extends PolicyOutcome {
  /** One an exit but the last. */
  readonly settings: readonly RuleSetting[]
  /** Share right among the images that leave at each exit; null where none leaves. */
  readonly accuracies: readonly (number | null)[]
  /** Accuracy of the last exit less this one, on test. */
  readonly loss: number
  /** On the validation split, where the setting was fitted; null where it was set by hand. */
  readonly validation: PolicyOutcome | null
  /** False where no setting meets the goal on validation, and every image goes to the last exit. */
  readonly isMet: boolean
}

/** What a state gives. The server and the browser call this same function on the same predictions. */
export function explore(run: ExploredRun, state: ExploreState): ExploreResult {
  const { test, validation, sequentialMacs } = run
  const fitted = state.mode === 'goal' && validation ? fitGoal(run, validation, state.rule, state.goal) : null
  const early = test.exits.slice(1)
  const settings =
    state.mode === 'goal'
      ? early.map(() => fitted?.setting ?? null)
      : early.map((_, k) => state.settings[state.rule === 'patience' ? 0 : k] ?? null)
  const exitIndex = exitsBySettings(test, state.rule, settings)
  const outcome = outcomeOf(test, exitIndex, sequentialMacs)
  const right = test.exits.at(-1)?.labelRank.reduce((sum, rank) => sum + (rank === 0 ? 1 : 0), 0) ?? 0
  const count = test.labels.length
  return {
    ...outcome,
    settings,
    accuracies: accuraciesAmong(test, exitIndex),
    loss: (right - Math.round(outcome.accuracy * count)) / count,
    validation: fitted?.validation ?? null,
    isMet: state.mode === 'hand' || fitted !== null,
  }
}

function exitsBySettings(
  test: PredictionTable,
  rule: ExitRule,
  settings: readonly RuleSetting[],
): Uint8Array {
  if (rule === 'confidence') return confidenceExits(test, settings)
  if (rule === 'entropy') return entropyExits(test, settings)
  return patienceExits(test, settings[0] ?? test.exits.length)
}

interface FittedGoal {
  readonly setting: RuleSetting
  readonly validation: PolicyOutcome
}

function fitGoal(
  run: ExploredRun,
  validation: PredictionTable,
  rule: ExitRule,
  goal: Goal,
): FittedGoal | null {
  if (goal.kind === 'loss') return controlLoss(validation, rule, run.sequentialMacs, goal.below)
  const fit = fitOf(run, validation, rule)
  return goal.kind === 'budget' ? fit.toBudget(goal.macs) : fit.toAccuracy(goal.atLeast)
}

const fits = new WeakMap<PredictionTable, Map<ExitRule, RuleFit>>()

/** Sorted once for all places of a slider. */
function fitOf({ sequentialMacs }: ExploredRun, validation: PredictionTable, rule: ExitRule): RuleFit {
  const kept = fits.get(validation) ?? new Map<ExitRule, RuleFit>()
  fits.set(validation, kept)
  const fit = kept.get(rule) ?? fitRule(validation, rule, sequentialMacs)
  kept.set(rule, fit)
  return fit
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

/** A number over seeds. */
export interface OverSeeds {
  readonly mean: number
  readonly lowest: number
  readonly highest: number
}

export function overSeeds(values: readonly number[]): OverSeeds {
  return {
    mean: values.reduce((sum, value) => sum + value, 0) / values.length,
    lowest: Math.min(...values),
    highest: Math.max(...values),
  }
}
