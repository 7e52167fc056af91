/**
 * Entropy policy: an image leaves at the first exit whose entropy is below that exit's threshold.
 *
 * Teerapittayanon, McDanel, Kung, "BranchyNet: Fast Inference via Early Exiting from Deep Neural Networks",
 * ICPR 2016, algorithm 1 (https://arxiv.org/abs/1709.01686): exit when e < T_n, a strict inequality.
 */

import type { PredictionTable } from '../predictions.ts'
import { checkThresholdCount } from './outcome.ts'

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
    table.exits[k]?.entropy.forEach((entropy, i) => {
      if (entropy < threshold) exitIndex[i] = k
    })
  }
  return exitIndex
}
