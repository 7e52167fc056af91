import type { PredictionTable } from '../predictions.ts'
import { checkPolicyInput, outcomeOf, type PolicyOutcome } from './outcome.ts'

/**
 * The bound that no policy on these exits can pass: every image leaves at the first exit that gets it right,
 * and at the first exit of all when none does. It looks at the labels, so it is a bound and never a result.
 *
 * @param sequentialMacs [K]
 */
export function oracle(table: PredictionTable, sequentialMacs: readonly number[]): PolicyOutcome {
  checkPolicyInput(table, sequentialMacs)
  const exitIndex = new Uint8Array(table.labels.length)
  for (let i = 0; i < exitIndex.length; i++) {
    const first = table.exits.findIndex((exit) => exit.labelRank[i] === 0)
    exitIndex[i] = Math.max(0, first)
  }
  return outcomeOf(table, exitIndex, sequentialMacs)
}
