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
  const agreeing = agreeingExits(table)
  return Uint8Array.from(table.labels, (_, i) => {
    const exit = agreeing.findIndex((counts) => (counts[i] as number) >= patience)
    return exit < 0 ? last : exit
  })
}

/**
 * How many exits in a row have kept the answer of the one before, at every exit but the last.
 *
 * @returns [K - 1][N]
 */
export function agreeingExits(table: PredictionTable): Uint8Array[] {
  const counts: Uint8Array[] = []
  table.exits.slice(0, -1).forEach(({ predicted }, k) => {
    const [before, counted] = [table.exits[k - 1]?.predicted, counts[k - 1]]
    counts.push(
      Uint8Array.from(predicted, (answer, i) => (answer === before?.[i] ? (counted?.[i] as number) + 1 : 0)),
    )
  })
  return counts
}
