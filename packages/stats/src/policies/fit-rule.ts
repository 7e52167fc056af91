/**
 * The setting of a rule that meets a budget or a target on the validation split. Neither promises anything about other
 * images: `controlLoss` does.
 */

import type { PredictionTable } from '../predictions.ts'
import { type ExitRule, type RuleSetting, ruleExits, settingsOf } from './exit-rules.ts'
import { outcomeOf, type PolicyOutcome } from './outcome.ts'
import { type RuleSweep, sweepRule } from './sweep.ts'

/** A rule's setting with what it gave on the split on which it was fitted. */
export interface FittedRule {
  readonly setting: RuleSetting
  readonly validation: PolicyOutcome
}

/** A rule's settings on the validation split, to be asked more than once. */
export interface RuleFit {
  /**
   * The most careful setting whose average cost is within the budget, so that as much of it as possible is used.
   *
   * @param budgetMacs mean sequential MACs an image
   * @returns null where even the most eager setting costs more
   */
  toBudget(budgetMacs: number): FittedRule | null
  /**
   * The cheapest setting of those with at least this accuracy.
   *
   * @param accuracy share in [0, 1]
   * @returns null where none has it
   */
  toAccuracy(accuracy: number): FittedRule | null
}

/** @param sequentialMacs [K] */
export function fitRule(
  validation: PredictionTable,
  rule: ExitRule,
  sequentialMacs: readonly number[],
): RuleFit {
  const settings = settingsOf(validation, rule)
  const sweep = sweepRule(validation, rule, settings, sequentialMacs)
  const fitted = (step: number): FittedRule | null =>
    step < 0 || step >= sweep.steps
      ? null
      : { setting: step === 0 ? null : (settings[step - 1] as number), validation: sweep.outcome(step) }
  return {
    toBudget: (budgetMacs) => fitted(firstWithin(sweep, budgetMacs)),
    toAccuracy: (accuracy) => fitted(lastReaching(sweep, accuracy)),
  }
}

/** The cost never rises along the steps. */
function firstWithin(sweep: RuleSweep, budgetMacs: number): number {
  let [low, high] = [0, sweep.steps]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (sweep.averageMacs(middle) <= budgetMacs) high = middle
    else low = middle + 1
  }
  return low
}

/** Accuracy may rise and fall along the steps, so all are looked at. */
function lastReaching(sweep: RuleSweep, accuracy: number): number {
  let step = sweep.steps - 1
  while (step >= 0 && sweep.accuracy(step) < accuracy) step--
  return step
}

/**
 * The accuracy-cost curve of a rule: each budget is fitted on validation and measured on test. A budget below the cheapest
 * setting gives null.
 *
 * @param sequentialMacs [K]
 * @param budgets mean sequential MACs an image
 */
export function ruleCurve(
  validation: PredictionTable,
  test: PredictionTable,
  rule: ExitRule,
  sequentialMacs: readonly number[],
  budgets: readonly number[],
): (PolicyOutcome | null)[] {
  const fit = fitRule(validation, rule, sequentialMacs)
  return budgets.map((budgetMacs) => {
    const fitted = fit.toBudget(budgetMacs)
    return fitted && outcomeOf(test, ruleExits(test, rule, fitted.setting), sequentialMacs)
  })
}
