/**
 * The one ranking of a leaderboard table, into groups of entries that the data cannot tell apart.
 *
 * 1. Entries are ordered by mean accuracy over seeds, then by name.
 * 2. Every pair is tested. Two entries with at least two seeds each: sign-flip test over seeds, runs paired in
 *    ascending order of their seeds, surplus runs of the longer entry unused. Otherwise: exact McNemar test
 *    of the two first runs, over images.
 * 3. All p-values of the table are adjusted together by Holm's method, so the groups may be formed in any way
 *    that looks at them.
 * 4. Down the order, the first entry leads a group. An entry that differs from the group's leader (adjusted p
 *    at most the level, and the tested runs differ in the direction of the order) leads the next group;
 *    any other joins.
 *
 * A tie says that the data do not separate two entries, not that they are equal. n seeds cannot give a
 * sign-flip p-value below 2^(1 - n), so fewer than six seeds on either side never separate two entries at
 * 0.05; `smallestPValue` lets a page say so.
 */

import { BenchError } from '@mate-bench/schema'
import { countOnlyFirst, packBits } from './bits.ts'
import { holmAdjust, mcnemarExact, signFlipTest } from './paired.ts'

export interface RankingEntry {
  /** Unique in the table. */
  readonly name: string
  /** Runs in ascending order of their seeds, each over the same N test images, 1 where right. */
  readonly correct: readonly Uint8Array[]
}

/** An entry of which the right answers have been counted: all that ranking needs, where it has several seeds. */
export interface CountedEntry {
  /** Unique in the table. */
  readonly name: string
  /** Right answers of each run, in ascending order of the runs' seeds. */
  readonly rightCounts: readonly number[]
  /** N, the number of test images. */
  readonly images: number
  /** The first run, 1 where right; asked for where this entry or another has but one seed. */
  readonly firstRun: () => Uint8Array
}

/** How an entry was compared with the leader of its group, or of the group that it left. */
export interface Comparison {
  readonly leader: string
  readonly test: 'mcnemar' | 'sign-flip'
  readonly pValue: number
  /** After Holm's correction over all pairs of the table. */
  readonly adjustedPValue: number
  /** The smallest unadjusted p-value that the test could have given. */
  readonly smallestPValue: number
}

export interface RankedEntry {
  readonly name: string
  /** Mean accuracy over seeds. */
  readonly mean: number
  /** How many seeds. */
  readonly seeds: number
  /** 1 for the best group. */
  readonly group: number
  /** Position of the group's leader, 1-based: 1, 1, 3 and so on. */
  readonly rank: number
  /** With the leader that came before it; null for the first entry. */
  readonly comparison: Comparison | null
}

interface Candidate {
  readonly name: string
  readonly mean: number
  /** Right answers of each run. */
  readonly counts: readonly number[]
  /** The first run, packed. */
  readonly first: () => Uint32Array
}

interface PairTest {
  readonly test: Comparison['test']
  readonly pValue: number
  readonly smallestPValue: number
  /** Positive where the tested runs favour the first entry. */
  readonly direction: number
}

function refuse(message: string, path: string): never {
  throw new BenchError({ code: 'bad-input', message, path })
}

function count(entries: readonly RankingEntry[]): CountedEntry[] {
  const images = entries[0]?.correct[0]?.length ?? 0
  return entries.map(({ name, correct }) => {
    const [first] = correct
    if (first === undefined || images === 0) return refuse('The entry has no run or no images.', name)
    const rightCounts = correct.map((run) => {
      if (run.length !== images) refuse(`A run has ${run.length} images where the table has ${images}.`, name)
      return run.reduce((sum, value) => sum + value, 0)
    })
    return { name, rightCounts, images, firstRun: () => first }
  })
}

function prepare(entries: readonly CountedEntry[]): Candidate[] {
  const images = entries[0]?.images ?? 0
  const names = new Set<string>()
  return entries.map((entry) => {
    const { name, rightCounts: counts } = entry
    if (names.has(name)) refuse(`The name ${name} stands twice in one table.`, name)
    names.add(name)
    if (counts.length === 0 || images === 0) refuse('The entry has no run or no images.', name)
    if (entry.images !== images) {
      refuse(`An entry has ${entry.images} images where the table has ${images}.`, name)
    }
    let packed: Uint32Array | undefined
    const first = () => {
      packed ??= packBits(entry.firstRun())
      return packed
    }
    const total = counts.reduce((sum, right) => sum + right, 0)
    return { name, counts, first, mean: total / (counts.length * images) }
  })
}

function testPair(a: Candidate, b: Candidate, seed: number): PairTest {
  const pairs = Math.min(a.counts.length, b.counts.length)
  if (pairs === 1) {
    const [firstA, firstB] = [a.first(), b.first()]
    const onlyA = countOnlyFirst(firstA, firstB)
    const onlyB = countOnlyFirst(firstB, firstA)
    return {
      test: 'mcnemar',
      pValue: mcnemarExact(onlyA, onlyB),
      smallestPValue: mcnemarExact(onlyA + onlyB, 0),
      direction: onlyA - onlyB,
    }
  }
  const differences: number[] = []
  let direction = 0
  for (let s = 0; s < pairs; s++) {
    const difference = (a.counts[s] as number) - (b.counts[s] as number)
    differences.push(difference)
    direction += difference
  }
  const { pValue, smallestPValue } = signFlipTest(differences, seed)
  return { test: 'sign-flip', pValue, smallestPValue, direction }
}

export interface RankingOptions {
  /** Chance of any wrong separation in the table. @default 0.05 */
  readonly level?: number
  /** Of the sign-flip test beyond 16 seeds. @default 0 */
  readonly seed?: number
}

/**
 * Ranks the entries of one table by one exit (or any other correctness) into tie groups; see the head of this
 * file for the rule. The result does not depend on the order in which entries are given.
 *
 * @throws BenchError `bad-input` for a repeated name, an entry without runs, or runs over other images
 */
export function rankTieGroups(entries: readonly RankingEntry[], options: RankingOptions = {}): RankedEntry[] {
  return rankCounted(count(entries), options)
}

/** `rankTieGroups` where right answers have been counted before. */
export function rankCounted(
  entries: readonly CountedEntry[],
  { level = 0.05, seed = 0 }: RankingOptions = {},
): RankedEntry[] {
  const ordered = prepare(entries).sort((a, b) => b.mean - a.mean || (a.name < b.name ? -1 : 1))
  const tests: PairTest[] = []
  for (const [i, a] of ordered.entries()) {
    for (let j = i + 1; j < ordered.length; j++) tests.push(testPair(a, ordered[j] as Candidate, seed))
  }
  const adjusted = holmAdjust(tests.map(({ pValue }) => pValue))
  /** Where the pair (i, j), i < j, stands in `tests`. */
  const pairIndex = (i: number, j: number) => i * ordered.length - (i * (i + 1)) / 2 + (j - i - 1)

  let leader = 0
  let group = 1
  return ordered.map(({ name, mean, counts }, i) => {
    let comparison: Comparison | null = null
    if (i > 0) {
      const index = pairIndex(leader, i)
      const { test, pValue, smallestPValue, direction } = tests[index] as PairTest
      const adjustedPValue = adjusted[index] as number
      const leaderName = ordered[leader]?.name ?? ''
      comparison = { leader: leaderName, test, pValue, adjustedPValue, smallestPValue }
      if (adjustedPValue <= level && direction > 0) {
        leader = i
        group++
      }
    }
    return { name, mean, seeds: counts.length, group, rank: leader + 1, comparison }
  })
}
