import { type PolicyOutcome, scoreGrid } from './outcome.ts'

/** A policy's setting with what it gave on the split on which it was fitted. */
export interface FittedSetting {
  readonly setting: number
  readonly validation: PolicyOutcome
}

/**
 * Bisects over an integer setting of which the cost is a non-decreasing function: the largest integer in
 * [low, high] with a cost within the budget, or null where there is none.
 */
export function largestWithin(
  low: number,
  high: number,
  costOf: (setting: number) => number,
  budget: number,
): number | null {
  if (costOf(low) > budget) return null
  let within = low
  let beyond = high + 1
  while (beyond - within > 1) {
    const middle = Math.floor((within + beyond) / 2)
    if (costOf(middle) <= budget) within = middle
    else beyond = middle
  }
  return within
}

/**
 * The highest threshold on the 2^-16 grid within a budget of average MACs.
 *
 * @param highestStep the threshold's upper end in grid steps
 * @param outcomeAt outcome on the validation split; its cost must not fall as the threshold rises
 */
export function fitGlobalThreshold(
  highestStep: number,
  outcomeAt: (threshold: number) => PolicyOutcome,
  budgetMacs: number,
): FittedSetting | null {
  const step = largestWithin(
    0,
    highestStep,
    (candidate) => outcomeAt(candidate / scoreGrid).averageMacs,
    budgetMacs,
  )
  if (step === null) return null
  const setting = step / scoreGrid
  return { setting, validation: outcomeAt(setting) }
}
