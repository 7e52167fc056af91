/** Tests of two classifiers on the same images, and the correction for many of them. */

import { BenchError } from '@mate-bench/schema'
import { createRandom } from './random.ts'
import { logGamma } from './special.ts'

/**
 * Exact two-sided McNemar test: under the null hypothesis an image on which just one of the two is right is
 * equally likely to favour either. p = min(1, 2 P(X <= min(b, c))) with X ~ Binomial(b + c, 1/2).
 *
 * McNemar, "Note on the Sampling Error of the Difference Between Correlated Proportions", Psychometrika 12,
 * 1947; the exact form (no mid-p) as in Dietterich, Neural Computation 10, 1998.
 *
 * @param onlyFirst b, images that only the first gets right
 * @param onlySecond c, images that only the second gets right
 */
export function mcnemarExact(onlyFirst: number, onlySecond: number): number {
  for (const count of [onlyFirst, onlySecond]) {
    if (!Number.isInteger(count) || count < 0)
      throw new BenchError({
        code: 'bad-input',
        message: `McNemar's test counts images, found ${count}.`,
        path: 'discordant',
      })
  }
  const n = onlyFirst + onlySecond
  const k = Math.min(onlyFirst, onlySecond)
  // Largest term of the tail by log-gamma (2^-n alone would underflow), the others by their ratio to it.
  const logTerm = logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1) - n * Math.LN2
  let relative = 1
  let sum = 0
  for (let j = k; j >= 0 && relative > sum * 1e-17; j--) {
    sum += relative
    relative *= j / (n - j + 1)
  }
  return Math.min(1, 2 * Math.exp(logTerm) * sum)
}

export interface SignFlipResult {
  readonly pValue: number
  /** True when all 2^n sign patterns were looked at, false for a Monte Carlo sample of them. */
  readonly exact: boolean
  /** The smallest p-value that so few differences can give: 2^(1 - n) in the exact test. */
  readonly smallestPValue: number
}

const exactSignFlipLimit = 16 // 2^16 patterns
const monteCarloFlips = 65_535

/**
 * Two-sided sign-flip permutation test of a mean difference of zero, such as over seeds: under the null
 * hypothesis each difference is as likely to be its negative. Exact up to 16 differences, beyond that a
 * seeded sample of 65,535 patterns with the observed one counted in.
 *
 * Fisher, "The Design of Experiments", 1935, section 21; Phipson and Smyth, Stat. Appl. Genet. Mol. Biol. 9,
 * 2010, for (hits + 1) / (samples + 1).
 *
 * @param differences n >= 1 paired differences; whole numbers are compared without any rounding
 * @param seed of the Monte Carlo sample
 */
export function signFlipTest(differences: readonly number[], seed = 0): SignFlipResult {
  const n = differences.length
  if (n === 0 || !differences.every(Number.isFinite))
    throw new BenchError({
      code: 'bad-input',
      message: 'The sign-flip test needs at least one difference, and finite ones.',
      path: 'differences',
    })
  const magnitude = differences.reduce((sum, d) => sum + Math.abs(d), 0)
  const observed = Math.abs(differences.reduce((sum, d) => sum + d, 0))
  // Fractions add up to slightly different sums in another order of signs; those are ties.
  const limit = observed - magnitude * 1e-12
  const reaches = (signs: (i: number) => boolean): boolean => {
    let sum = 0
    differences.forEach((d, i) => {
      sum += signs(i) ? -d : d
    })
    return Math.abs(sum) >= limit
  }

  let hits = 0
  if (n <= exactSignFlipLimit) {
    // A pattern and its opposite have the same size, so the last sign can stay fixed.
    const patterns = 2 ** (n - 1)
    for (let pattern = 0; pattern < patterns; pattern++) {
      if (reaches((i) => ((pattern >>> i) & 1) === 1)) hits++
    }
    return { pValue: hits / patterns, exact: true, smallestPValue: 1 / patterns }
  }
  const random = createRandom(seed, 'sign-flip')
  for (let sample = 0; sample < monteCarloFlips; sample++) {
    if (reaches(() => random.uint32() >= 0x80000000)) hits++
  }
  const samples = monteCarloFlips + 1
  return { pValue: (hits + 1) / samples, exact: false, smallestPValue: 1 / samples }
}

/**
 * Holm's step-down correction: adjusted p-values that may be compared with the level as they are, with the
 * chance of any false rejection held at that level.
 *
 * Holm, "A Simple Sequentially Rejective Multiple Test Procedure", Scand. J. Statistics 6, 1979.
 *
 * @returns adjusted p-values in the order given, each at most 1
 */
export function holmAdjust(pValues: ArrayLike<number>): Float64Array {
  const count = pValues.length
  const order = Uint32Array.from({ length: count }, (_, i) => i).sort(
    (a, b) => (pValues[a] as number) - (pValues[b] as number),
  )
  const adjusted = new Float64Array(count)
  let largest = 0
  order.forEach((test, position) => {
    largest = Math.max(largest, Math.min(1, (count - position) * (pValues[test] as number)))
    adjusted[test] = largest
  })
  return adjusted
}
