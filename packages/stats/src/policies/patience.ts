/**
 * Patience policy: an image leaves once enough consecutive exits have kept the previous exit's answer.
 *
 * Zhou, Xu, Ge, McAuley, Xu, Wei, "BERT Loses Patience: Fast and Robust Inference with Early Exit", NeurIPS
 * 2020, equation 3 (https://arxiv.org/abs/2006.04152): cnt_k = cnt_(k-1) + 1 when exits k and k - 1 predict
 * the same class, else 0, with cnt_1 = 0; the image leaves at the first exit with cnt_k = t. Only predicted
 * classes are needed, no confidence.
 */

import { BenchError } from '@mate-bench/schema'
import type { PredictionTable } from '../predictions.ts'
import { type FittedSetting, fitWithinBudget } from './fit.ts'
import { checkPolicyInput, outcomeOf, type PolicyOutcome } from './outcome.ts'

/**
 * The exit at which each image leaves, 0-based.
 *
 * @param patience t >= 1; with t >= K nobody leaves early
 */
export function patienceExits(table: PredictionTable, patience: number): Uint8Array {
  if (!Number.isInteger(patience) || patience < 1)
    throw new BenchError({
      code: 'bad-input',
      message: `Patience is ${patience}, not a whole number of exits from 1 on.`,
      path: 'patience',
    })
  const last = table.exits.length - 1
  const exitIndex = new Uint8Array(table.labels.length).fill(last)
  for (let i = 0; i < exitIndex.length; i++) {
    let agreeing = 0
    for (let k = 1; k < last; k++) {
      const same = table.exits[k]?.predicted[i] === table.exits[k - 1]?.predicted[i]
      agreeing = same ? agreeing + 1 : 0
      if (agreeing === patience) {
        exitIndex[i] = k
        break
      }
    }
  }
  return exitIndex
}

/**
 * Accuracy and cost of the patience policy.
 *
 * @param sequentialMacs [K]
 */
export function applyPatience(
  table: PredictionTable,
  patience: number,
  sequentialMacs: readonly number[],
): PolicyOutcome {
  checkPolicyInput(table, sequentialMacs)
  return outcomeOf(table, patienceExits(table, patience), sequentialMacs)
}

/**
 * The largest patience in 1..K whose average cost on the validation split is within the budget.
 *
 * @param budgetMacs mean sequential MACs an image
 * @returns null where even a patience of 1 costs more than the budget
 */
export function fitPatience(
  validation: PredictionTable,
  sequentialMacs: readonly number[],
  budgetMacs: number,
): FittedSetting | null {
  return fitWithinBudget(
    validation.exits.length - 1,
    (step) => step + 1,
    (patience) => applyPatience(validation, patience, sequentialMacs),
    budgetMacs,
  )
}
