import { BenchError } from '@mate-bench/schema'
import { ascendingOrder } from './calibration.ts'

/**
 * Area under the ROC curve of a score against correctness: the chance that a right answer has a higher score
 * than a wrong one, ties counted half (Hanley and McNeil, Radiology 143, 1982). Here the score is the
 * confidence, and the area says how well a threshold on it parts right answers from wrong ones.
 *
 * Counts are integers until the last division, so the result does not depend on the images' order.
 *
 * @param score N values
 * @param correct N values, 1 where the classifier is right
 * @returns a number in [0, 1], or null where all answers are right or all are wrong
 * @throws BenchError `non-finite` for a score that is NaN, which has no place in an order
 */
export function auroc(score: Float32Array, correct: Uint8Array): number | null {
  const unordered = score.findIndex(Number.isNaN)
  if (unordered >= 0) {
    throw new BenchError({
      code: 'non-finite',
      message: `The score of image ${unordered} is not a number.`,
      path: `score[${unordered}]`,
    })
  }
  const order = ascendingOrder(score)
  let rightTotal = 0
  for (const value of correct) rightTotal += value
  const wrongTotal = order.length - rightTotal
  if (rightTotal === 0 || wrongTotal === 0) return null

  let wrongBelow = 0
  let doubledWins = 0 // a win counts 2, a tie 1
  for (let start = 0; start < order.length; ) {
    const value = score[order[start] as number]
    let right = 0
    let end = start
    while (end < order.length && score[order[end] as number] === value) {
      right += correct[order[end] as number] as number
      end++
    }
    const wrong = end - start - right
    doubledWins += right * (2 * wrongBelow + wrong)
    wrongBelow += wrong
    start = end
  }
  return doubledWins / (2 * rightTotal * wrongTotal)
}
