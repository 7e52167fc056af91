/**
 * Max-softmax policy: an image leaves at the first exit whose confidence reaches that exit's threshold.
 * Used by MSDNet (Huang et al., ICLR 2018) with one threshold an exit, and by Shallow-Deep Networks
 * (Kaya et al., ICML 2019) with one for all.
 */

import type { PredictionTable } from '../predictions.ts'
import { checkThresholdCount, type Rounding, toGrid } from './outcome.ts'

/**
 * The exit at which each image leaves, 0-based.
 *
 * @param thresholds [K - 1] for all exits but the last, which takes the rest; null is never met
 * @param rounding how thresholds and confidences are compared
 */
export function confidenceExits(
  table: PredictionTable,
  thresholds: readonly (number | null)[],
  rounding: Rounding = 'exact',
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
