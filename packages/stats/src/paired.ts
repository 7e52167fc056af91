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
  let magnitude = 0
  let observed = 0
  for (const d of differences) {
    magnitude += Math.abs(d)
    observed += d
  }
  // Fractions add up to slightly different sums in another order of signs; those are ties.
  const limit = Math.abs(observed) - magnitude * 1e-12

  let hits = 0
  if (n <= exactSignFlipLimit) {
    // A pattern and its opposite have the same size, so the last sign can stay fixed. Plain loops: a table of hundreds
    // of entries calls this for each of its pairs.
    const patterns = 2 ** (n - 1)
    for (let pattern = 0; pattern < patterns; pattern++) {
      let sum = 0
      for (let i = 0; i < n; i++) {
        const d = differences[i] as number
        sum += ((pattern >>> i) & 1) === 1 ? -d : d
      }
      if (Math.abs(sum) >= limit) hits++
    }
    return { pValue: hits / patterns, exact: true, smallestPValue: 1 / patterns }
  }
  const random = createRandom(seed, 'sign-flip')
  for (let sample = 0; sample < monteCarloFlips; sample++) {
    let sum = 0
    for (const d of differences) sum += random.uint32() >= 0x80000000 ? -d : d
    if (Math.abs(sum) >= limit) hits++
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
  const ordered = Float64Array.from(pValues).sort()
  // Equal p-values get one adjusted value: the largest factor, of the first of them, leads.
  const adjusted = new Map<number, number>()
  let largest = 0
  ordered.forEach((p, position) => {
    if (adjusted.has(p)) return
    largest = Math.max(largest, Math.min(1, (count - position) * p))
    adjusted.set(p, largest)
  })
  return Float64Array.from(pValues, (p) => adjusted.get(p) as number)
}
