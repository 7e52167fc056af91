import type { CrossedComparison } from '@mate-bench/stats'

/** A difference in accuracy, the first minus the second, in [-1, 1]. */
export interface Difference {
  readonly difference: number
  readonly lower: number
  readonly upper: number
  /** After Holm's correction. */
  readonly adjustedPValue: number
  /** Whether the difference is significant at 5 %; never with one seed. */
  readonly apart: boolean
}

/** What of a comparison is shown. */
export function differenceOf(
  comparison: CrossedComparison & { readonly adjustedPValue: number; readonly apart: boolean },
): Difference {
  const { difference, lower, upper, adjustedPValue, apart } = comparison
  return {
    difference: rounded(difference),
    lower: rounded(lower),
    upper: rounded(upper),
    adjustedPValue: rounded(adjustedPValue),
    apart,
  }
}

/** So that the last digit is the same on any machine. */
export function rounded(value: number): number {
  return Number(value.toPrecision(12))
}
