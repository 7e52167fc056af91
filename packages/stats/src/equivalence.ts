/**
 * Whether trainings that were repeated are equivalent to those that were published: two one-sided t-tests.
 *
 * Source: D. J. Schuirmann, "A comparison of the two one-sided tests procedure and the power approach for assessing the
 * equivalence of average bioavailability", Journal of Pharmacokinetics and Biopharmaceutics 15 (1987), section 2. The
 * spread is pooled over both samples: they are trainings of one spec, whose spread is one.
 */
import type { SeedSummary } from './intervals.ts'
import { regularisedIncompleteBeta, studentQuantile } from './special.ts'

export interface EquivalenceOptions {
  /** Largest difference of means that counts as none, in the unit of the samples. Above 0. */
  readonly margin: number
  /** Of each one-sided test. @default 0.05 */
  readonly alpha?: number | undefined
}

export interface Equivalence {
  /** Mean of the repeated trainings less that of the published ones. */
  readonly difference: number
  /** Standard deviation over seeds, pooled over both samples. */
  readonly sd: number
  readonly degreesOfFreedom: number
  /** Bounds of the difference at level 1 - 2 alpha: it is equivalent where both are within the margin. */
  readonly lower: number
  readonly upper: number
  /** The larger p-value of the two one-sided tests. */
  readonly pValue: number
  readonly equivalent: boolean
}

/**
 * Two one-sided tests of |difference| < margin.
 *
 * @param repeated of the trainings that were repeated: mean, sample standard deviation (null for one), count
 * @param published of the trainings that were published, likewise
 * @returns null where neither sample has a spread: one training each
 * @throws RangeError for a margin or an alpha that is out of range
 */
export function equivalenceTest(
  repeated: SeedSummary,
  published: SeedSummary,
  { margin, alpha = 0.05 }: EquivalenceOptions,
): Equivalence | null {
  if (!(margin > 0)) throw new RangeError(`the margin ${margin} is not above 0`)
  if (!(alpha > 0 && alpha < 0.5)) throw new RangeError(`alpha ${alpha} is not between 0 and 0.5`)
  const degreesOfFreedom = repeated.n + published.n - 2
  if (repeated.n < 1 || published.n < 1 || degreesOfFreedom < 1) return null
  const squares = [repeated, published].reduce((sum, { sd, n }) => sum + (n - 1) * (sd ?? 0) ** 2, 0)
  const sd = Math.sqrt(squares / degreesOfFreedom)
  const error = sd * Math.sqrt(1 / repeated.n + 1 / published.n)
  const difference = repeated.mean - published.mean
  const half = studentQuantile(1 - alpha, degreesOfFreedom) * error
  const [lower, upper] = [difference - half, difference + half]
  const pValue = Math.max(
    upperTail((difference + margin) / error, degreesOfFreedom),
    upperTail((margin - difference) / error, degreesOfFreedom),
  )
  return {
    ...{ difference, sd, degreesOfFreedom, lower, upper, pValue },
    equivalent: lower > -margin && upper < margin,
  }
}

/** P(T > t); t may be infinite, or NaN where difference and spread are both zero at the very margin. */
function upperTail(t: number, degreesOfFreedom: number): number {
  if (Number.isNaN(t)) return 1
  const half = regularisedIncompleteBeta(
    degreesOfFreedom / (degreesOfFreedom + t * t),
    degreesOfFreedom / 2,
    0.5,
  )
  return t >= 0 ? half / 2 : 1 - half / 2
}
