/**
 * Calibration: how well a classifier's confidence says how often it is right.
 *
 * Guo, Pleiss, Sun, Weinberger, "On Calibration of Modern Neural Networks", ICML 2017, equations 2 and 3
 * (https://arxiv.org/abs/1706.04599).
 */

import { BenchError } from '@mate-bench/schema'

/** Bins unless told otherwise, as Guo et al. use. */
export const calibrationBinCount = 15

export interface CalibrationBin {
  /** Edges on the confidence axis: for equal-width bins (lower, upper], for equal-mass ones what was seen. */
  readonly lower: number
  readonly upper: number
  readonly count: number
  /** Mean confidence of the bin's images; null where the bin is empty. */
  readonly meanConfidence: number | null
  /** Share of the bin's images that are right; null where the bin is empty. */
  readonly accuracy: number | null
}

/** Positions sorted by ascending value; equal values keep their order. */
export function ascendingOrder(values: Float32Array): Uint32Array {
  return Uint32Array.from(values.keys()).sort((a, b) => (values[a] as number) - (values[b] as number))
}

function checkInput(confidence: Float32Array, correct: Uint8Array, bins: number): void {
  const problem =
    confidence.length !== correct.length
      ? `There are ${confidence.length} confidences for ${correct.length} images.`
      : !Number.isInteger(bins) || bins < 1
        ? `The number of bins is ${bins}, not 1 or more.`
        : undefined
  if (problem !== undefined) throw new BenchError({ code: 'bad-input', message: problem, path: 'bins' })
}

interface BinSums {
  readonly count: Uint32Array
  readonly confidence: Float64Array
  readonly correct: Uint32Array
}

function emptySums(bins: number): BinSums {
  return {
    count: new Uint32Array(bins),
    confidence: new Float64Array(bins),
    correct: new Uint32Array(bins),
  }
}

function put(sums: BinSums, bin: number, confidence: number, correct: number): void {
  sums.count[bin] = (sums.count[bin] as number) + 1
  sums.confidence[bin] = (sums.confidence[bin] as number) + confidence
  sums.correct[bin] = (sums.correct[bin] as number) + correct
}

function binFromSums(sums: BinSums, bin: number, lower: number, upper: number): CalibrationBin {
  const count = sums.count[bin] as number
  return {
    lower,
    upper,
    count,
    meanConfidence: count === 0 ? null : (sums.confidence[bin] as number) / count,
    accuracy: count === 0 ? null : (sums.correct[bin] as number) / count,
  }
}

/**
 * Bins of equal width on [0, 1]: bin m of M holds (m - 1)/M < confidence <= m/M, and 0 goes to the first.
 * The edge rule is exact: a float32 confidence times M is exact in float64 for any M below 2^29.
 *
 * @param confidence N values in [0, 1]
 * @param correct N values, 1 where the classifier is right
 */
export function calibrationBins(
  confidence: Float32Array,
  correct: Uint8Array,
  bins = calibrationBinCount,
): CalibrationBin[] {
  checkInput(confidence, correct, bins)
  const sums = emptySums(bins)
  confidence.forEach((value, i) => {
    const bin = Math.min(bins - 1, Math.max(0, Math.ceil(value * bins) - 1))
    put(sums, bin, value, correct[i] as number)
  })
  return Array.from({ length: bins }, (_, m) => binFromSums(sums, m, m / bins, (m + 1) / bins))
}

/**
 * Bins that hold about N/M images each, in ascending confidence. Images of equal confidence are never
 * parted (the whole tie goes where its first image goes), so the result does not depend on the images'
 * order; many ties therefore leave bins empty, and empty bins are left out.
 */
export function equalMassBins(
  confidence: Float32Array,
  correct: Uint8Array,
  bins = calibrationBinCount,
): CalibrationBin[] {
  checkInput(confidence, correct, bins)
  const order = ascendingOrder(confidence)
  const sums = emptySums(bins)
  const lower = new Float64Array(bins)
  const upper = new Float64Array(bins)
  let tieStart = 0
  order.forEach((image, position) => {
    const value = confidence[image] as number
    if (position === 0 || confidence[order[position - 1] as number] !== value) tieStart = position
    const bin = Math.floor((tieStart * bins) / order.length)
    if (sums.count[bin] === 0) lower[bin] = value
    upper[bin] = value
    put(sums, bin, value, correct[image] as number)
  })
  const result: CalibrationBin[] = []
  for (let m = 0; m < bins; m++) {
    if (sums.count[m] !== 0) result.push(binFromSums(sums, m, lower[m] as number, upper[m] as number))
  }
  return result
}

/**
 * Expected calibration error: the bins' distance between accuracy and mean confidence, weighted by their
 * share of the images. In [0, 1]; 0 for no images.
 */
export function expectedCalibrationError(bins: readonly CalibrationBin[]): number {
  let total = 0
  let gap = 0
  for (const { count, accuracy, meanConfidence } of bins) {
    total += count
    if (accuracy !== null && meanConfidence !== null) gap += count * Math.abs(accuracy - meanConfidence)
  }
  return total === 0 ? 0 : gap / total
}
