/** What the exit policies share: where each image leaves, and what that gives and costs. */

import { BenchError } from '@mate-bench/schema'
import { checkPredictionTable, type PredictionTable } from '../predictions.ts'

/** The result of letting images leave early. */
export interface PolicyOutcome {
  /** Share of images that are right at the exit where they leave. */
  readonly accuracy: number
  /** Mean sequential MACs an image. */
  readonly averageMacs: number
  /** [K]: share of images that leave at each exit; sums to 1. */
  readonly exitShares: readonly number[]
}

/** How scores are compared: as they are stored, or on the grid of 2^-16. */
export type Rounding = 'exact' | 'grid'

/** On the grid, confidences and entropies are rounded to multiples of 1 / this before they are compared or ranked. */
export const scoreGrid = 65536 // 2^16

/**
 * A score as an integer number of grid steps. Backends differ in the last bits of a softmax; on this grid
 * they take the same decisions except for the rare value that sits on a rounding edge.
 */
export function toGrid(score: number): number {
  return Math.round(score * scoreGrid)
}

/**
 * Checks a table and its costs once, before a policy runs.
 *
 * @param sequentialMacs [K] backbone up to exit k plus heads 1..k; positive, never falling with k
 * @throws BenchError `bad-input`
 */
export function checkPolicyInput(table: PredictionTable, sequentialMacs: readonly number[]): void {
  checkPredictionTable(table)
  const refuse = (message: string): never => {
    throw new BenchError({ code: 'bad-input', message, path: 'sequentialMacs' })
  }
  if (sequentialMacs.length !== table.exits.length)
    refuse(`There are ${sequentialMacs.length} costs for ${table.exits.length} exits.`)
  let previous = 0
  for (const macs of sequentialMacs) {
    if (!Number.isFinite(macs) || macs < previous)
      refuse(`Sequential MACs must be finite and never fall from one exit to the next, found ${macs}.`)
    previous = macs
  }
}

/** Checks that there is one threshold for each exit but the last. */
export function checkThresholdCount(table: PredictionTable, thresholds: readonly (number | null)[]): void {
  const expected = table.exits.length - 1
  if (thresholds.length !== expected)
    throw new BenchError({
      code: 'bad-input',
      message: `There are ${thresholds.length} thresholds, not ${expected}: one for each exit but the last.`,
      path: 'thresholds',
    })
}

/**
 * Accuracy and cost when image i leaves at exit `exitIndex[i]`.
 *
 * @param exitIndex [N] 0-based exits
 * @param sequentialMacs [K]
 */
export function outcomeOf(
  table: PredictionTable,
  exitIndex: Uint8Array,
  sequentialMacs: readonly number[],
): PolicyOutcome {
  const count = table.labels.length
  const exitCounts = exitHistogram(exitIndex, table.exits.length)
  let right = 0
  exitIndex.forEach((k, i) => {
    if (table.exits[k]?.labelRank[i] === 0) right++
  })
  // Counts times MACs stay integers below 2^53, so the mean is rounded once.
  let macs = 0
  for (let k = 0; k < exitCounts.length; k++)
    macs += (exitCounts[k] as number) * (sequentialMacs[k] as number)
  return {
    accuracy: right / count,
    averageMacs: macs / count,
    exitShares: Array.from(exitCounts, (n) => n / count),
  }
}

/** How many images leave at each of K exits. */
export function exitHistogram(exitIndex: Uint8Array, exits: number): Uint32Array {
  const counts = new Uint32Array(exits)
  for (const k of exitIndex) counts[k] = (counts[k] as number) + 1
  return counts
}
