/**
 * The one ranking of a leaderboard table, into groups of entries that the data cannot tell apart.
 *
 * 1. Entries are ordered by mean accuracy over seeds, then by name.
 * 2. Every pair is tested (`testPair`): sign-flip test over seeds where both have several, otherwise exact McNemar
 *    test of the two first runs, over images.
 * 3. All p-values of the table are adjusted together by Holm's method, so the groups may be formed in any way
 *    that looks at them.
 * 4. Down the order, the first entry leads a group. An entry that differs from the group's leader (adjusted p
 *    at most the level, and the tested runs differ in the direction of the order) leads the next group;
 *    any other joins.
 *
 * A tie says that the data do not separate two entries, not that they are equal. n seeds cannot give a
 * sign-flip p-value below 2^(1 - n), so fewer than six seeds on either side never separate two entries at
 * 0.05 where they are alone in the table. Where all m pairs of a table are tested so, with n seeds at most, Holm's
 * correction separates none unless 2^(1 - n) <= 0.05 / m. `smallestPValue`, before correction, lets a page say so.
 */

import { BenchError } from '@mate-bench/schema'
import { holmAdjusted } from './paired.ts'
import { type CountedRuns, countRuns, type PairedTest, packedOnce, testPair } from './paired-test.ts'

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
  /** Who is right in the first run, 1 where right; asked for where this entry or another has but one seed. */
  readonly firstRun: () => Uint8Array
}

/** How an entry was compared with the leader of its group, or of the group that it left. */
export interface Comparison extends Omit<PairedTest, 'direction'> {
  readonly leader: string
  /** After Holm's correction over all pairs of the table. */
  readonly adjustedPValue: number
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

interface Candidate extends CountedRuns {
  readonly name: string
  readonly mean: number
}

function refuse(message: string, path: string): never {
  throw new BenchError({ code: 'bad-input', message, path })
}

function count(entries: readonly RankingEntry[]): CountedEntry[] {
  const images = entries[0]?.correct[0]?.length ?? 0
  return entries.map(({ name, correct }) => {
    const [first] = correct
    if (first === undefined || images === 0) return refuse('The entry has no run or no images.', name)
    for (const run of correct) {
      if (run.length !== images) refuse(`A run has ${run.length} images where the table has ${images}.`, name)
    }
    return { name, rightCounts: countRuns(correct).rightCounts, images, firstRun: () => first }
  })
}

function prepare(entries: readonly CountedEntry[]): Candidate[] {
  const images = entries[0]?.images ?? 0
  const names = new Set<string>()
  return entries.map((entry) => {
    const { name, rightCounts } = entry
    if (names.has(name)) refuse(`The name ${name} stands twice in one table.`, name)
    names.add(name)
    if (rightCounts.length === 0 || images === 0) refuse('The entry has no run or no images.', name)
    if (entry.images !== images) {
      refuse(`An entry has ${entry.images} images where the table has ${images}.`, name)
    }
    const total = rightCounts.reduce((sum, right) => sum + right, 0)
    return {
      ...{ name, rightCounts, mean: total / (rightCounts.length * images) },
      firstRun: packedOnce(entry.firstRun),
    }
  })
}

export interface RankingOptions {
  /** Chance of any wrong separation in the table. @default 0.05 */
  readonly level?: number
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
  { level = 0.05 }: RankingOptions = {},
): RankedEntry[] {
  const ordered = prepare(entries).sort((a, b) => b.mean - a.mean || (a.name < b.name ? -1 : 1))
  const count = ordered.length
  // A number a pair: tables of hundreds of entries have hundreds of thousands of pairs.
  const pValues = new Float64Array((count * (count - 1)) / 2)
  let next = 0
  for (const [i, a] of ordered.entries()) {
    for (let j = i + 1; j < count; j++) pValues[next++] = testPair(a, ordered[j] as Candidate).pValue
  }
  const adjusted = holmAdjusted(pValues)

  let leader = 0
  let group = 1
  return ordered.map((entry, i) => {
    const { name, mean, rightCounts } = entry
    let comparison: Comparison | null = null
    if (i > 0) {
      const before = ordered[leader] as Candidate
      const { direction, ...test } = testPair(before, entry)
      const adjustedPValue = adjusted.get(test.pValue) ?? 1
      comparison = { leader: before.name, ...test, adjustedPValue }
      if (adjustedPValue <= level && direction > 0) {
        leader = i
        group++
      }
    }
    return { name, mean, seeds: rightCounts.length, group, rank: leader + 1, comparison }
  })
}
