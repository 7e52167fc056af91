/**
 * The one comparison of two entries, and the interval of one: seeds and test images are both samples, and every run of
 * an entry is judged on the same images.
 *
 * Right answers of one entry follow y[s, n] = mu + seed[s] + image[n] + rest[s, n]. With S seeds and N images the mean
 * has variance var(seed)/S + var(image)/N + var(rest)/(S N); of the difference of two entries on the same images, var(image)
 * is that of the images' differences, and each entry brings seeds and a rest of its own. This is the layout of studies in
 * which readers nested in methods judge the same cases: Obuchowski and Rockette, "Hypothesis Testing of Diagnostic Accuracy
 * for Multiple Readers and Multiple Tests", Communications in Statistics 24, 1995, with Satterthwaite's degrees of freedom
 * as in Hillis, "A Comparison of Denominator Degrees of Freedom Methods for Multiple Observer ROC Analysis", Statistics in
 * Medicine 26, 2007, eq. 13. Components are estimated by the method of moments (mean squares) and summed as they are: the
 * sum is unbiased, where cutting a negative share of the seeds at zero would make it too large. Three things differ:
 *
 * - A sum below half of what the images alone make is raised to that half: a small test set may show no spread at all.
 * - In the degrees of freedom, and there alone, a mean square of d degrees counts 1 + c / d^3 times: one of two or three seeds
 *   is often small by chance, and would then pass for known. The constants were chosen by simulation: 14 in comparisons, since
 *   Holm's correction asks for tails far beyond 5 %, and 1.5 in an entry's own interval, whose numerator is the sum of squares
 *   in the place of the square of the sum.
 * - The images' differences have half a discordant image a side added (Agresti and Min, "Effects and Non-Effects of Paired
 *   Identical Observations", Statistics in Medicine 24, 2005), so that equal predictions leave some doubt.
 *
 * How often it errs, and what it can detect, is in docs/statistics.md.
 */

import { BenchError } from '@mate-bench/schema'
import { checkLevel, type Interval, wilsonInterval } from './intervals.ts'
import { studentQuantile, studentTail } from './special.ts'

/** One classifier of an entry: counts that every number here follows from. */
export interface CrossedCounts {
  /** N, the number of test images. */
  readonly images: number
  /** Right answers of each run. [S] */
  readonly rightCounts: readonly number[]
  /** Sum over images of the square of how many runs get it right: `sumOfProducts` of the entry with itself. */
  readonly squares: number
  /** Of values other than zeros and ones: the sum of all their squares. @default that of zeros and ones */
  readonly ownSquares?: number
}

/** How far seeds lie apart on a track, pooled over entries that have several: what is known of an entry that has one. */
export interface TrackSpread {
  /** Variance of accuracies that seeds make; images' noise is taken out. At least 0. */
  readonly variance: number
  readonly degreesOfFreedom: number
  /** How many entries show it. */
  readonly entries: number
}

/**
 * Where the seeds' share of an interval is from: the entry's own runs; what other entries of the track show; or from
 * nowhere, and the interval covers test images alone.
 */
export type SeedShare = 'own' | 'track' | 'unknown'

export interface AccuracyInterval extends Interval {
  readonly mean: number
  readonly level: number
  /** S, the number of seeds. */
  readonly seeds: number
  /** N, the number of test images. */
  readonly images: number
  readonly seedShare: SeedShare
}

export interface CrossedComparison extends Interval {
  /** Mean accuracy of the first minus that of the second. */
  readonly difference: number
  readonly level: number
  /** Two-sided, of this comparison alone. */
  readonly pValue: number
  readonly standardError: number
  readonly degreesOfFreedom: number
  /** The lesser of the two sides'. */
  readonly seedShare: SeedShare
}

const defaultLevel = 0.95

/** What the runs of one entry say of seeds and of the rest. */
interface SeedComponent {
  readonly seeds: number
  /** Variance of accuracies over seeds, images' noise included. */
  readonly meanSquare: number
  /** var(rest) / N: the images' noise in it. */
  readonly rest: number
  readonly degreesOfFreedom: number
  readonly share: SeedShare
}

function check({ images, rightCounts }: CrossedCounts): void {
  if (images >= 2 && rightCounts.length >= 1) return
  throw new BenchError({
    code: 'bad-input',
    message: `${rightCounts.length} runs over ${images} images: at least one run and two images are needed.`,
    path: 'rightCounts',
  })
}

function meanOf({ images, rightCounts }: CrossedCounts): number {
  return rightCounts.reduce((sum, right) => sum + right, 0) / (rightCounts.length * images)
}

/** Mean squares of the two-way layout, each divided by N; null for one seed. */
function meanSquares(counts: CrossedCounts): { readonly seed: number; readonly rest: number } | null {
  const { images: n, rightCounts, squares } = counts
  const s = rightCounts.length
  if (s < 2) return null
  const total = rightCounts.reduce((sum, right) => sum + right, 0)
  const ofMean = total ** 2 / (s * n)
  const ofSeeds = rightCounts.reduce((sum, right) => sum + right ** 2, 0) / n - ofMean
  const ofImages = squares / s - ofMean
  // Zeros and ones are their own squares.
  const ofRest = Math.max(0, (counts.ownSquares ?? total) - ofMean - ofSeeds - ofImages)
  return { seed: ofSeeds / ((s - 1) * n), rest: ofRest / ((s - 1) * (n - 1) * n) }
}

function seedComponent(counts: CrossedCounts, track: TrackSpread | null): SeedComponent {
  const own = meanSquares(counts)
  const seeds = counts.rightCounts.length
  if (own) {
    return { seeds, meanSquare: own.seed, rest: own.rest, degreesOfFreedom: seeds - 1, share: 'own' }
  }
  if (!track) return { seeds, meanSquare: 0, rest: 0, degreesOfFreedom: 1, share: 'unknown' }
  const { variance, degreesOfFreedom } = track
  return { seeds, meanSquare: variance, rest: 0, degreesOfFreedom, share: 'track' }
}

/**
 * Pools how far seeds lie apart over the entries of a track.
 *
 * @param entries one classifier of each, such as exit k; those with one seed say nothing
 * @returns null where none has several seeds
 */
export function trackSpread(entries: readonly CrossedCounts[]): TrackSpread | null {
  const squares: number[] = []
  let degreesOfFreedom = 0
  for (const counts of entries) {
    const own = meanSquares(counts)
    if (!own) continue
    const d = counts.rightCounts.length - 1
    squares.push(d * (own.seed - own.rest))
    degreesOfFreedom += d
  }
  if (squares.length === 0) return null
  // In an order of their own, so that the sum is the same to the last bit in whatever order the entries come.
  const sum = squares.sort((a, b) => a - b).reduce((total, square) => total + square, 0)
  return { variance: Math.max(0, sum / degreesOfFreedom), degreesOfFreedom, entries: squares.length }
}

interface Spread {
  readonly variance: number
  readonly degreesOfFreedom: number
}

/** What is chosen by simulation; see the head of this file. */
type Purpose = 'comparison' | 'interval'

const caution = { comparison: 14, interval: 1.5 } as const

/** @param imageVariance of the mean, by images: what stays however many seeds there are, and the rests */
function combine(
  imageVariance: number,
  images: number,
  components: readonly SeedComponent[],
  purpose: Purpose,
): Spread {
  const rests = components.reduce((sum, { rest, seeds }) => sum + rest / seeds, 0)
  const ofImages = Math.max(0, imageVariance - rests)
  let ofSeeds = 0
  let counted = 0
  let squares = ofImages ** 2 / (images - 1)
  for (const { seeds, meanSquare, degreesOfFreedom: d } of components) {
    const own = meanSquare / seeds
    ofSeeds += own
    const cautious = own * (1 + caution[purpose] / d ** 3)
    counted += cautious
    squares += cautious ** 2 / d
  }
  const numerator = purpose === 'comparison' ? (ofImages + counted) ** 2 : ofImages ** 2 + counted ** 2
  return {
    variance: Math.max(ofImages + ofSeeds, imageVariance / 2),
    degreesOfFreedom: squares === 0 ? images - 1 : numerator / squares,
  }
}

/**
 * Interval of an entry's accuracy: Wilson's, with as many images as would have this variance (Korn and Graubard,
 * "Confidence Intervals for Proportions with Small Expected Number of Positive Counts", Survey Methodology 24, 1998) and
 * Student's quantile.
 *
 * @param track what other entries show, for one seed
 * @returns inside [0, 1]
 * @throws BenchError `bad-input` without a run or with fewer than two images
 */
export function accuracyInterval(
  counts: CrossedCounts,
  track: TrackSpread | null = null,
  level = defaultLevel,
): AccuracyInterval {
  check(counts)
  checkLevel(level)
  const { images: n, rightCounts, squares } = counts
  const seeds = rightCounts.length
  const mean = meanOf(counts)
  const ofImages = Math.max(0, squares / seeds ** 2 - n * mean ** 2) / ((n - 1) * n)
  const component = seedComponent(counts, track)
  const { variance, degreesOfFreedom } = combine(ofImages, n, [component], 'interval')
  // An entry of one seed with all answers right, or none, still has the variance that other entries' seeds show: half an answer off.
  const half = 0.5 / (n * seeds)
  const share = Math.min(Math.max(mean, half), 1 - half)
  const effective = variance === 0 ? n : (share * (1 - share)) / variance
  const quantile = studentQuantile((1 + level) / 2, degreesOfFreedom)
  const interval = wilsonInterval(mean * effective, effective, { quantile })
  return { mean, ...interval, level, seeds, images: n, seedShare: component.share }
}

export interface CompareOptions {
  /** What other entries show, for a side with one seed. */
  readonly track?: TrackSpread | null
  /** @default 0.95 */
  readonly level?: number
}

/**
 * Compares two entries by one classifier of each on the same images. Any number of seeds on either side; with one, the
 * seeds' share of that side is the track's, or unknown.
 *
 * @param products `sumOfProducts` of the two
 * @throws BenchError `bad-input` for other images, no run, or fewer than two images
 */
export function compareCrossed(
  first: CrossedCounts,
  second: CrossedCounts,
  products: number,
  { track = null, level = defaultLevel }: CompareOptions = {},
): CrossedComparison {
  checkLevel(level)
  const { difference, components, spread } = spreadOfDifference(first, second, products, track)
  const { variance, degreesOfFreedom } = spread
  const standardError = Math.sqrt(variance)
  const half = studentQuantile((1 + level) / 2, degreesOfFreedom) * standardError
  return {
    difference,
    lower: Math.max(-1, difference - half),
    upper: Math.min(1, difference + half),
    level,
    pValue: tailOf(difference, spread),
    standardError,
    degreesOfFreedom,
    seedShare: lesser(components.map(({ share }) => share)),
  }
}

/** The p-value of `compareCrossed` without its interval, which takes ten times as long. */
export function crossedPValue(
  first: CrossedCounts,
  second: CrossedCounts,
  products: number,
  track: TrackSpread | null = null,
): number {
  const { difference, spread } = spreadOfDifference(first, second, products, track)
  return tailOf(difference, spread)
}

function tailOf(difference: number, { variance, degreesOfFreedom }: Spread): number {
  return studentTail(Math.abs(difference) / Math.sqrt(variance), degreesOfFreedom)
}

function lesser(shares: readonly SeedShare[]): SeedShare {
  return (['unknown', 'track', 'own'] as const).find((share) => shares.includes(share)) ?? 'unknown'
}

function spreadOfDifference(
  first: CrossedCounts,
  second: CrossedCounts,
  products: number,
  track: TrackSpread | null,
) {
  check(first)
  check(second)
  const n = first.images
  if (second.images !== n) {
    throw new BenchError({
      code: 'bad-input',
      message: `One entry has ${n} images where the other has ${second.images}.`,
      path: 'images',
    })
  }
  const [s, t] = [first.rightCounts.length, second.rightCounts.length]
  const difference = meanOf(first) - meanOf(second)
  const squares = first.squares / s ** 2 + second.squares / t ** 2 - (2 * products) / (s * t)
  const doubt = (1 / s + 1 / t) / 2
  const ofImages = Math.max(0, squares + doubt - n * difference ** 2) / ((n - 1) * n)
  const components = [seedComponent(first, track), seedComponent(second, track)]
  return { difference, ofImages, components, spread: combine(ofImages, n, components, 'comparison') }
}

/** More seeds are not thought of: nobody trains so many to settle a rank. */
const mostSeeds = 100

/**
 * About how many more seeds of both entries would make their difference significant, if it and the spreads are what they look
 * like now.
 *
 * @param level at which the comparison alone must be significant: already divided by the number of comparisons
 * @returns 0 where they differ significantly now; null where a hundred would not do, since the images are too few
 */
export function seedsToTellApart(
  first: CrossedCounts,
  second: CrossedCounts,
  products: number,
  { track = null, level }: { readonly track?: TrackSpread | null; readonly level: number },
): number | null {
  const { difference, ofImages, components } = spreadOfDifference(first, second, products, track)
  const rests = components.reduce((sum, { rest, seeds }) => sum + rest / seeds, 0)
  const stays = Math.max(0, ofImages - rests)
  const separates = (more: number) => {
    const later = components.map(({ seeds, meanSquare, rest, degreesOfFreedom }) => ({
      seeds: seeds + more,
      // What is below the images' noise is so by chance.
      meanSquare: Math.max(meanSquare, rest),
      rest,
      degreesOfFreedom: more === 0 ? degreesOfFreedom : seeds + more - 1,
      share: 'own' as const,
    }))
    const kept = later.reduce((sum, { rest, seeds }) => sum + rest / seeds, 0)
    const spread =
      more === 0
        ? combine(ofImages, first.images, components, 'comparison')
        : combine(stays + kept, first.images, later, 'comparison')
    return studentTail(Math.abs(difference) / Math.sqrt(spread.variance), spread.degreesOfFreedom) <= level
  }
  if (separates(0)) return 0
  if (!separates(mostSeeds)) return null
  let [low, high] = [0, mostSeeds]
  while (high - low > 1) {
    const middle = (low + high) >>> 1
    if (separates(middle)) high = middle
    else low = middle
  }
  return high
}
