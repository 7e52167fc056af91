/**
 * The one ranking of a leaderboard table, into groups of entries that do not differ significantly.
 *
 * 1. Entries of two or more seeds are ranked, in the order of their mean accuracies, then of their names. An entry of one
 *    seed is shown behind them without a rank: nobody knows how far its other seeds would lie. So is one of which a check
 *    failed, until an operator has looked.
 * 2. The first one leads. Every other is compared with it, and with the table's baseline (`compareCrossed`): with those two,
 *    not all with all.
 * 3. Which entry leads is read off the same data, so it might have been any: p-values of comparisons with a leader are
 *    adjusted by Holm's method among all m (m - 1) / 2 pairs, those that were not looked at counting as not significant.
 *    The baseline is known beforehand: comparisons with it are adjusted among themselves.
 * 4. Down the order, the first entry leads a group. An entry that differs significantly from the group's leader leads the next
 *    group; any other joins. A rank is the position of the group's leader: 1, 1, 3 and so on.
 *
 * A tie says that the data do not separate two entries, not that they are equal.
 */

import { BenchError } from '@mate-bench/schema'
import {
  type CrossedComparison,
  type CrossedCounts,
  compareCrossed,
  crossedPValue,
  seedsToTellApart,
  type TrackSpread,
  trackSpread,
} from './crossed.ts'
import { holmAdjust } from './holm.ts'
import { type ImageSums, sumOfProducts } from './image-sums.ts'
import { createKnownPairs, type KnownPair, type KnownPairs } from './known-pairs.ts'
import { once } from './once.ts'

/** One classifier of an entry, such as its exit k. */
export interface RankingEntry {
  /** Unique in the table. */
  readonly name: string
  readonly counts: CrossedCounts
  /** Asked for where the entry is compared; undefined where they are not at hand, and then the ranking is worth nothing. */
  readonly sums: () => ImageSums | undefined
  /** True of entries that can be the table's baseline. */
  readonly baseline: boolean
  /** True where a check of one of its runs failed: it is shown behind, without a rank. */
  readonly disputed?: boolean
}

/** An entry against another: its mean minus the other's. */
export interface Comparison extends CrossedComparison {
  /** Name of the other. */
  readonly other: string
  /** After Holm's correction, over the comparisons with a leader or over those with the baseline. */
  readonly adjustedPValue: number
  /** Whether the difference is significant. Never with an entry of one seed. */
  readonly apart: boolean
  /**
   * About how many more seeds of both would make it significant if the difference is what it looks like now; 0 where they
   * are, null where no number of seeds would.
   */
  readonly moreSeeds: number | null
}

export interface RankedEntry {
  readonly name: string
  /** Mean accuracy over seeds. */
  readonly mean: number
  /** How many seeds. */
  readonly seeds: number
  /** 1 for the best group; null for one seed. */
  readonly group: number | null
  /** Position of the group's leader, 1-based: 1, 1, 3 and so on; null for one seed. */
  readonly rank: number | null
  /** With the table's leader; null for the leader, and where none is ranked. */
  readonly againstLeader: Comparison | null
  /** With the table's baseline; null for the baseline, and where there is none. */
  readonly againstBaseline: Comparison | null
}

export interface RankingOptions {
  /** Chance of any wrong separation among the ranks of a table, and of any from its baseline. @default 0.05 */
  readonly level?: number
  /** Comparisons that need not be made again, and where those are kept that are made. */
  readonly pairs?: KnownPairs | undefined
}

interface Candidate extends RankingEntry {
  readonly mean: number
  readonly seeds: number
}

/** Ranks are of entries with at least so many seeds. */
export const fewestRankedSeeds = 2

/**
 * Ranks the entries of one table by one exit; see the head of this file for the rule. The result does not depend on the
 * order in which entries are given.
 *
 * @returns best first, those without a rank behind
 * @throws BenchError `bad-input` for a repeated name, an entry without runs, or runs over other images
 */
export function rankEntries(
  entries: readonly RankingEntry[],
  { level = 0.05, pairs: known = createKnownPairs() }: RankingOptions = {},
): RankedEntry[] {
  const { ordered, ranked, pairs, leader, withLeader, places } = placeEntries(entries, { level, known })
  const track = trackSpread(ordered.filter(({ disputed = false }) => !disputed).map(({ counts }) => counts))
  const baseline = baselineOf(ranked)
  const withBaseline = compareAll(ordered, baseline, { level, known, family: ranked.length - 1 })
  const amongPairs = { track, level: level / Math.max(1, pairs) }
  const amongBaselines = { track, level: level / Math.max(1, ranked.length - 1) }
  return ordered.map((entry) => {
    const { name, mean, seeds } = entry
    const { group = null, rank = null } = places.get(name) ?? {}
    return withComparisons(
      { name, mean, seeds, group, rank },
      wholeComparison(entry, leader, withLeader.get(name), amongPairs),
      wholeComparison(entry, baseline, withBaseline.get(name), amongBaselines),
    )
  })
}

/**
 * Comparisons are computed when they are asked for: a table shows those of a few rows, and intervals are what takes time. A
 * ranking keeps this scope, so it stands outside `rankEntries`, where candidates have `sums`: the images of a whole track.
 */
function withComparisons(
  entry: Omit<RankedEntry, 'againstLeader' | 'againstBaseline'>,
  againstLeader: () => Comparison | null,
  againstBaseline: () => Comparison | null,
): RankedEntry {
  return {
    ...entry,
    get againstLeader() {
      return againstLeader()
    },
    get againstBaseline() {
      return againstBaseline()
    },
  }
}

/**
 * The ranks that `rankEntries` gives, by name, without what it says of comparisons.
 *
 * @throws BenchError as `rankEntries`
 */
export function ranksOf(
  entries: readonly RankingEntry[],
  { level = 0.05, pairs: known = createKnownPairs() }: RankingOptions = {},
): Map<string, number | null> {
  const { ordered, places } = placeEntries(entries, { level, known })
  return new Map(ordered.map(({ name }) => [name, places.get(name)?.rank ?? null]))
}

function placeEntries(
  entries: readonly RankingEntry[],
  { level, known }: { readonly level: number; readonly known: KnownPairs },
) {
  const ordered = prepare(entries)
  const ranked = ordered.filter(isRanked)
  const [leader] = ranked
  const pairs = (ranked.length * (ranked.length - 1)) / 2
  const withLeader = compareAll(ordered, leader, { level, known, family: pairs })
  const places = placesOf(ranked, withLeader, { level, known, pairs })
  return { ordered, ranked, pairs, leader, withLeader, places }
}

function refuse(message: string, path: string): never {
  throw new BenchError({ code: 'bad-input', message, path })
}

function isRanked({ seeds, disputed = false }: Candidate): boolean {
  return seeds >= fewestRankedSeeds && !disputed
}

function prepare(entries: readonly RankingEntry[]): Candidate[] {
  const images = entries[0]?.counts.images ?? 0
  const names = new Set<string>()
  const candidates = entries.map((entry) => {
    const { name, counts } = entry
    const { rightCounts } = counts
    if (names.has(name)) refuse(`The name ${name} stands twice in one table.`, name)
    names.add(name)
    if (rightCounts.length === 0 || images === 0) refuse('The entry has no run or no images.', name)
    if (counts.images !== images) {
      refuse(`An entry has ${counts.images} images where the table has ${images}.`, name)
    }
    const total = rightCounts.reduce((sum, right) => sum + right, 0)
    return { ...entry, mean: total / (rightCounts.length * images), seeds: rightCounts.length }
  })
  const behind = (candidate: Candidate) => (isRanked(candidate) ? 0 : 1)
  return candidates.sort((a, b) => behind(a) - behind(b) || b.mean - a.mean || (a.name < b.name ? -1 : 1))
}

/** Of those that can be: the one with most seeds, then the best. */
function baselineOf(ranked: readonly Candidate[]): Candidate | undefined {
  const [first, ...others] = ranked.filter(({ baseline }) => baseline)
  return others.reduce((best, entry) => (best && entry.seeds > best.seeds ? entry : best), first)
}

/** In the place of a pair that can't be compared yet. */
const missing: KnownPair = { products: 0, pValue: 1 }

/** Undefined where sums are missing. Without a p-value where one of the two is of one seed. */
function pairOf(first: Candidate, second: Candidate, known: KnownPairs): KnownPair | undefined {
  const found = known.find(first.counts, second.counts)
  if (found) return found
  const [sums, others] = [first.sums(), second.sums()]
  if (!sums || !others) return undefined
  const products = sumOfProducts(sums, others)
  const severalSeeds = first.seeds > 1 && second.seeds > 1
  const pair = {
    products,
    pValue: severalSeeds ? crossedPValue(first.counts, second.counts, products) : Number.NaN,
  }
  known.add(first.counts, second.counts, pair)
  return pair
}

interface Family {
  readonly level: number
  readonly known: KnownPairs
  /** How many comparisons are adjusted together. */
  readonly family: number
}

/** A comparison as far as ranks need it. */
interface TestedPair {
  readonly products: number
  readonly adjustedPValue: number
  readonly apart: boolean
}

function compareAll(
  ordered: readonly Candidate[],
  other: Candidate | undefined,
  { level, known, family }: Family,
): Map<string, TestedPair> {
  if (!other) return new Map()
  const compared = ordered.filter((entry) => entry !== other)
  const pairs = compared.map((entry) => pairOf(entry, other, known) ?? missing)
  // Comparisons of the family that are not looked at count as 1; those of one seed are no tests.
  const tested = compared.map(isRanked)
  const adjusted = holmAdjust(
    pairs.filter((_, i) => tested[i]).map(({ pValue }) => pValue),
    family,
  )
  let next = 0
  return new Map(
    compared.map(({ name }, i) => {
      const adjustedPValue = tested[i] ? (adjusted[next++] ?? 1) : 1
      const products = pairs[i]?.products ?? 0
      return [name, { products, adjustedPValue, apart: adjustedPValue <= level }]
    }),
  )
}

/**
 * The whole of a comparison; null where there is none. It takes candidates apart, so that a ranking does not keep their `sums`.
 *
 * @param level of a single comparison of the family
 */
function wholeComparison(
  { counts, seeds }: Candidate,
  other: Candidate | undefined,
  tested: TestedPair | undefined,
  { track, level }: { readonly track: TrackSpread | null; readonly level: number },
): () => Comparison | null {
  if (!other || !tested) return () => null
  const { counts: otherCounts, name } = other
  const { products, adjustedPValue, apart } = tested
  return once(() => {
    const comparison = compareCrossed(counts, otherCounts, products, { track })
    // One seed is never significantly different.
    const fewest = Math.max(0, fewestRankedSeeds - seeds)
    const more = apart ? 0 : seedsToTellApart(counts, otherCounts, products, { track, level })
    const moreSeeds = more === null ? null : Math.max(apart ? 0 : 1, fewest, more)
    return { ...comparison, other: name, adjustedPValue, apart, moreSeeds }
  })
}

interface Place {
  readonly group: number
  readonly rank: number
}

function placesOf(
  ranked: readonly Candidate[],
  withLeader: ReadonlyMap<string, TestedPair>,
  { level, known, pairs }: { level: number; known: KnownPairs; pairs: number },
): ReadonlyMap<string, Place> {
  // Holm's method goes on where the comparisons with the first leader ended.
  const separated = [...withLeader.values()].filter(({ apart }) => apart).length
  const factor = Math.max(1, pairs - separated)
  let leader = 0
  let group = 1
  return new Map(
    ranked.map((entry, i) => {
      if (i > 0 && isApart(entry, ranked[leader] as Candidate)) {
        leader = i
        group++
      }
      return [entry.name, { group, rank: leader + 1 }]
    }),
  )
  function isApart(entry: Candidate, from: Candidate): boolean {
    if (from === ranked[0]) return withLeader.get(entry.name)?.apart ?? false
    const { pValue } = pairOf(entry, from, known) ?? missing
    return factor * pValue <= level
  }
}
