/**
 * Budgeted batch classification.
 *
 * Huang, Chen, Li, Wu, van der Maaten, Weinberger, "Multi-Scale Dense Networks for Resource Efficient Image
 * Classification", ICLR 2018, section 3 and 5 (https://arxiv.org/abs/1703.09844): a share proportional to q^k
 * of the images is to leave at exit k, and the thresholds that do so are read off the validation split.
 *
 * The paper leaves some cases open; here they are decided once:
 * - thresholds come from the validation split and are applied to the test split, never fitted on it;
 * - confidences are ranked and compared as they are stored, in float32: a well-trained network is all but sure of most
 *   images, and any coarser step lets far more of them leave than were to (`grid` is what runs did before: 2^-16);
 * - images of equal confidence leave together, so an exit may take more than its share;
 * - an exit whose share rounds down to no image, or to more images than are left, is never used: its
 *   threshold is null (a threshold of infinity, which JSON cannot hold);
 * - the last exit takes whoever is left and has no threshold;
 * - the curve has 39 points, q = p / 20 for p = 1..39: q below 1 favours early exits, q above 1 late ones.
 */

import { BenchError } from '@mate-bench/schema'
import type { PredictionTable } from '../predictions.ts'
import { confidenceExits } from './confidence.ts'
import { checkPolicyInput, outcomeOf, type Rounding, scoreGrid, toGrid } from './outcome.ts'

/** One point of the budgeted curve. */
export interface BudgetedPoint {
  readonly q: number
  /** [K - 1], null for an exit that is never used. Confidences of validation images. */
  readonly thresholds: readonly (number | null)[]
  /** Mean sequential MACs an image on the validation split, where the thresholds were fitted. */
  readonly validationAverageMacs: number
  /** Mean sequential MACs an image on the test split. */
  readonly averageMacs: number
  /** On the test split. */
  readonly accuracy: number
  /** [K] on the test split. */
  readonly exitShares: readonly number[]
}

/** The q of the curve's 39 points. */
export const budgetedRatios: readonly number[] = Array.from({ length: 39 }, (_, i) => (i + 1) / 20)

/** Confidence ranks of one split, sorted once and reused for every q. */
interface RankedExit {
  /** Images by descending confidence. */
  readonly order: Uint32Array
  /** [N] confidence as a whole number that grows with it. */
  readonly steps: Uint32Array
  /** The confidence of a step. */
  readonly confidenceOf: (step: number) => number
}

function rankExits(table: PredictionTable, rounding: Rounding): RankedExit[] {
  return table.exits.slice(0, -1).map(({ confidence }) => {
    const { steps, confidenceOf } = rounding === 'grid' ? gridSteps(confidence) : floatSteps(confidence)
    const order = Uint32Array.from(steps.keys()).sort(
      (a, b) => (steps[b] as number) - (steps[a] as number) || a - b,
    )
    return { order, steps, confidenceOf }
  })
}

function gridSteps(confidence: Float32Array) {
  return { steps: Uint32Array.from(confidence, toGrid), confidenceOf: (step: number) => step / scoreGrid }
}

/** Bits of a float32 of at least 0, read as a whole number, grow with it: one step to the next float32. */
function floatSteps(confidence: Float32Array) {
  const values = Float32Array.from(confidence, (value) => Math.max(0, value)) // -0 has other bits than 0
  const view = new DataView(new ArrayBuffer(4))
  const confidenceOf = (step: number) => {
    view.setUint32(0, step)
    return view.getFloat32(0)
  }
  return { steps: new Uint32Array(values.buffer), confidenceOf }
}

function thresholdsFromRanks(ranked: readonly RankedExit[], count: number, q: number): (number | null)[] {
  const weights = Array.from({ length: ranked.length + 1 }, (_, k) => q ** (k + 1))
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const left = new Uint8Array(count).fill(1)
  return ranked.map(({ order, steps, confidenceOf }, k) => {
    const wanted = Math.floor((count * (weights[k] as number)) / total)
    if (wanted === 0) return null
    let found = 0
    for (const image of order) {
      if (left[image] === 0) continue
      found++
      if (found < wanted) continue
      const limit = steps[image] as number
      for (let i = 0; i < count; i++) if ((steps[i] as number) >= limit) left[i] = 0
      return confidenceOf(limit)
    }
    return null
  })
}

function checkRatio(q: number): void {
  if (!(q > 0 && Number.isFinite(q)))
    throw new BenchError({
      code: 'bad-input',
      message: `The ratio q is ${q}, not a positive number.`,
      path: 'q',
    })
}

/**
 * Thresholds that let a share proportional to q^k of the images leave at exit k.
 *
 * @param q positive; 1 spreads the images evenly
 * @returns [K - 1], null for an exit that is never used
 */
export function fitBudgeted(
  validation: PredictionTable,
  q: number,
  rounding: Rounding = 'exact',
): (number | null)[] {
  checkRatio(q)
  return thresholdsFromRanks(rankExits(validation, rounding), validation.labels.length, q)
}

/**
 * The accuracy-cost curve: thresholds fitted on the validation split, applied to the test split.
 *
 * @param sequentialMacs [K] backbone up to exit k plus heads 1..k
 * @param ratios values of q, one point each
 * @param rounding how confidences are ranked and compared
 * @throws BenchError `bad-input` when tables and costs differ in their number of exits, or a split is empty
 */
export function budgetedCurve(
  validation: PredictionTable,
  test: PredictionTable,
  sequentialMacs: readonly number[],
  ratios: readonly number[] = budgetedRatios,
  rounding: Rounding = 'exact',
): BudgetedPoint[] {
  checkPolicyInput(validation, sequentialMacs)
  checkPolicyInput(test, sequentialMacs)
  const ranked = rankExits(validation, rounding)
  return ratios.map((q) => {
    checkRatio(q)
    const thresholds = thresholdsFromRanks(ranked, validation.labels.length, q)
    const fitted = outcomeOf(validation, confidenceExits(validation, thresholds, rounding), sequentialMacs)
    const outcome = outcomeOf(test, confidenceExits(test, thresholds, rounding), sequentialMacs)
    return { q, thresholds, validationAverageMacs: fitted.averageMacs, ...outcome }
  })
}
