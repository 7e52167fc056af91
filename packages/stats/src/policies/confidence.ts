/**
 * Max-softmax policy: an image leaves at the first exit whose confidence reaches that exit's threshold.
 * Used by MSDNet (Huang et al., ICLR 2018) with one threshold an exit, and by Shallow-Deep Networks
 * (Kaya et al., ICML 2019) with one for all.
 */

import type { PredictionTable } from '../predictions.ts'
import { type FittedSetting, fitWithinBudget } from './fit.ts'
import {
  checkPolicyInput,
  checkThresholdCount,
  outcomeOf,
  type PolicyOutcome,
  type Rounding,
  scoreGrid,
  toGrid,
} from './outcome.ts'

/**
 * The exit at which each image leaves, 0-based.
 *
 * @param thresholds [K - 1] for all exits but the last, which takes the rest; null is never met
 * @param rounding how thresholds and confidences are compared
 */
export function confidenceExits(
  table: PredictionTable,
  thresholds: readonly (number | null)[],
  rounding: Rounding = 'grid',
): Uint8Array {
  checkThresholdCount(table, thresholds)
  const exitIndex = new Uint8Array(table.labels.length).fill(table.exits.length - 1)
  // Deepest first, so that a shallower exit overwrites a deeper one.
  for (let k = thresholds.length - 1; k >= 0; k--) {
    const threshold = thresholds[k] ?? null
    if (threshold === null) continue
    const compared = rounding === 'grid' ? toGrid : (value: number) => value
    const limit = compared(threshold)
    table.exits[k]?.confidence.forEach((confidence, i) => {
      if (compared(confidence) >= limit) exitIndex[i] = k
    })
  }
  return exitIndex
}

/**
 * Accuracy and cost of the max-softmax policy. Thresholds and confidences are compared on the 2^-16 grid.
 *
 * @param thresholds [K - 1] in [0, 1], null for an exit that is never used; or one number for all exits
 * @param sequentialMacs [K]
 */
export function applyConfidence(
  table: PredictionTable,
  thresholds: number | readonly (number | null)[],
  sequentialMacs: readonly number[],
): PolicyOutcome {
  checkPolicyInput(table, sequentialMacs)
  const perExit = typeof thresholds === 'number' ? table.exits.slice(0, -1).map(() => thresholds) : thresholds
  return outcomeOf(table, confidenceExits(table, perExit), sequentialMacs)
}

/**
 * The highest single threshold whose average cost on the validation split is within the budget, so that as
 * much of the budget as possible is used. Raising the threshold never lowers the cost.
 *
 * @param budgetMacs mean sequential MACs an image
 * @returns null where even leaving at the first exit costs more than the budget
 */
export function fitConfidence(
  validation: PredictionTable,
  sequentialMacs: readonly number[],
  budgetMacs: number,
): FittedSetting | null {
  // One step above 1 is met by nobody: all images go to the last exit.
  return fitWithinBudget(
    scoreGrid + 1,
    (step) => step / scoreGrid,
    (threshold) => applyConfidence(validation, threshold, sequentialMacs),
    budgetMacs,
  )
}
