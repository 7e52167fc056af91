/** Tests of two classifiers on the same images, and the correction for many of them. */

import { BenchError } from '@mate-bench/schema'
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
  /** The smallest p-value that so few differences can give: 2^(1 - n). */
  readonly smallestPValue: number
}

/**
 * Exact two-sided sign-flip permutation test of a mean difference of zero, such as over seeds: under the null
 * hypothesis each difference is as likely to be its negative.
 *
 * Fisher, "The Design of Experiments", 1935, section 21. The 2^n patterns are not walked through but counted by their
 * sums, which whole numbers allow: Pagano and Tritchler, "On Obtaining Permutation Distributions in Polynomial Time",
 * JASA 78, 1983. With T the sum of all sizes and F that of the sizes on the smaller side, the observed sum is T - 2F,
 * and the patterns at least as far from zero are those that flip at most F or at least T - F: p = 2 P(flipped <= F).
 *
 * @param differences n >= 1 paired differences, whole numbers such as of right answers
 */
export function signFlipTest(differences: readonly number[]): SignFlipResult {
  const n = differences.length
  let positive = 0
  let negative = 0
  let whole = n > 0
  for (const d of differences) {
    if (!Number.isInteger(d)) whole = false
    if (d > 0) positive += d
    else negative -= d
  }
  if (!whole)
    throw new BenchError({
      code: 'bad-input',
      message: 'The sign-flip test needs at least one difference, and whole numbers.',
      path: 'differences',
    })
  const smallestPValue = 2 ** (1 - n)
  // Then no pattern is nearer to zero.
  if (positive === negative) return { pValue: 1, smallestPValue }
  return { pValue: 2 * chanceOfAtMost(Math.min(positive, negative), differences), smallestPValue }
}

/** The chance that sizes, of which each is taken or not by the toss of a coin, add up to at most the limit. */
function chanceOfAtMost(limit: number, differences: readonly number[]): number {
  const n = differences.length
  // Few patterns are walked through: a table of hundreds of entries asks this for each of its pairs.
  if (2 ** n <= limit) return countAtMost(limit, differences, 0) / 2 ** n
  // chances[s]: that the sizes which are taken add up to s.
  const chances = new Float64Array(limit + 1)
  chances[0] = 1
  for (const d of differences) {
    const size = Math.abs(d)
    for (let s = limit; s >= 0; s--) {
      const others = s >= size ? (chances[s - size] as number) : 0
      chances[s] = ((chances[s] as number) + others) / 2
    }
  }
  return chances.reduce((sum, chance) => sum + chance, 0)
}

/** How many choices among the sizes from the i-th on add up to at most the limit. */
function countAtMost(limit: number, differences: readonly number[], i: number): number {
  if (limit < 0) return 0
  if (i === differences.length) return 1
  const size = Math.abs(differences[i] as number)
  return countAtMost(limit, differences, i + 1) + countAtMost(limit - size, differences, i + 1)
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
  const adjusted = holmAdjusted(pValues)
  return Float64Array.from(pValues, (p) => adjusted.get(p) as number)
}

/** `holmAdjust` by p-value: for who needs few of very many. */
export function holmAdjusted(pValues: ArrayLike<number>): ReadonlyMap<number, number> {
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
  return adjusted
}
