/**
 * Entropy policy: an image leaves at the first exit whose entropy is below that exit's threshold.
 *
 * Teerapittayanon, McDanel, Kung, "BranchyNet: Fast Inference via Early Exiting from Deep Neural Networks",
 * ICPR 2016, algorithm 1 (https://arxiv.org/abs/1709.01686): exit when e < T_n, a strict inequality.
 */

import type { PredictionTable } from '../predictions.ts'
import { type FittedSetting, fitWithinBudget } from './fit.ts'
import {
  checkPolicyInput,
  checkThresholdCount,
  outcomeOf,
  type PolicyOutcome,
  scoreGrid,
  toGrid,
} from './outcome.ts'

/**
 * The exit at which each image leaves, 0-based.
 *
 * @param thresholds [K - 1] in nats for all exits but the last, which takes the rest; null is never met
 */
export function entropyExits(table: PredictionTable, thresholds: readonly (number | null)[]): Uint8Array {
  checkThresholdCount(table, thresholds)
  const exitIndex = new Uint8Array(table.labels.length).fill(table.exits.length - 1)
  for (let k = thresholds.length - 1; k >= 0; k--) {
    const threshold = thresholds[k] ?? null
    if (threshold === null) continue
    const limit = toGrid(threshold)
    table.exits[k]?.entropy.forEach((entropy, i) => {
      if (toGrid(entropy) < limit) exitIndex[i] = k
    })
  }
  return exitIndex
}

/**
 * Accuracy and cost of the entropy policy. Thresholds and entropies are compared on the 2^-16 grid.
 *
 * @param thresholds [K - 1] in nats, null for an exit that is never used; or one number for all exits
 * @param sequentialMacs [K]
 */
export function applyEntropy(
  table: PredictionTable,
  thresholds: number | readonly (number | null)[],
  sequentialMacs: readonly number[],
): PolicyOutcome {
  checkPolicyInput(table, sequentialMacs)
  const perExit = typeof thresholds === 'number' ? table.exits.slice(0, -1).map(() => thresholds) : thresholds
  return outcomeOf(table, entropyExits(table, perExit), sequentialMacs)
}

/**
 * The lowest single threshold whose average cost on the validation split is within the budget, so that as
 * much of the budget as possible is used. Lowering the threshold never lowers the cost.
 *
 * @param budgetMacs mean sequential MACs an image
 * @returns null where even leaving at the first exit costs more than the budget
 */
export function fitEntropy(
  validation: PredictionTable,
  sequentialMacs: readonly number[],
  budgetMacs: number,
): FittedSetting | null {
  // Entropy is at most ln C; one step above its rounded value is met by everybody, 0 by nobody.
  const highest = toGrid(Math.log(validation.classes)) + 1
  return fitWithinBudget(
    highest,
    (step) => (highest - step) / scoreGrid,
    (threshold) => applyEntropy(validation, threshold, sequentialMacs),
    budgetMacs,
  )
}
