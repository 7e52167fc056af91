import type { PredictionTable } from '../predictions.ts'
import { checkPolicyInput, outcomeOf, type PolicyOutcome } from './outcome.ts'

/**
 * The bound that no policy on these exits can pass, at every budget: the corners of the concave line of the highest accuracy
 * that an average cost can buy. It looks at the labels, so it is a bound and never a result.
 *
 * At corner k an image leaves at the first exit that gets it right, if that is among the exits 1..k, and else at the first
 * exit of all. From corner to corner the images that exit k is the first to get right are sent there, each at the same price;
 * cheaper ones were sent before, so no other choice gets more right for the same cost. At the last corner nothing is left to gain.
 *
 * @param sequentialMacs [K]
 * @returns [K] in ascending order of cost
 */
export function oracleCurve(table: PredictionTable, sequentialMacs: readonly number[]): PolicyOutcome[] {
  checkPolicyInput(table, sequentialMacs)
  const firstRight = Int32Array.from(table.labels, (_, i) =>
    table.exits.findIndex((exit) => exit.labelRank[i] === 0),
  )
  return table.exits.map((_, k) => {
    const exitIndex = Uint8Array.from(firstRight, (exit) => (exit > 0 && exit <= k ? exit : 0))
    return outcomeOf(table, exitIndex, sequentialMacs)
  })
}
