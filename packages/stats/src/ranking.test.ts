import { BenchError } from '@mate-bench/schema'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { countCrossed } from './entry-aggregate.ts'
import { sumOverRuns } from './image-sums.ts'
import { createRandom } from './random.ts'
import { type RankingEntry, rankEntries } from './ranking.ts'

const images = 400

/** Runs that are right on about this share of the images, drawn for each entry by itself. */
function entry(name: string, share: number, seeds = 3, baseline = false): RankingEntry {
  const runs = Array.from({ length: seeds }, (_, seed) => {
    const random = createRandom(seed, name)
    return Uint8Array.from({ length: images }, () => (random.uniform() < share ? 1 : 0))
  })
  return { name, counts: countCrossed(runs), sums: () => sumOverRuns(runs), baseline }
}

const places = (entries: readonly RankingEntry[]) =>
  rankEntries(entries).map(({ name, group, rank }) => [name, group, rank])

describe('rankEntries', () => {
  it('groups what the data cannot part, and numbers groups by the place of their leader', () => {
    expect(places([entry('c', 0.5), entry('a', 0.9), entry('b', 0.89), entry('d', 0.2)])).toEqual([
      ['a', 1, 1],
      ['b', 1, 1],
      ['c', 2, 3],
      ['d', 3, 4],
    ])
  })

  it('shows entries of one seed behind all others, without a rank and never significant', () => {
    const ranked = rankEntries([entry('lucky', 0.99, 1), entry('a', 0.9), entry('b', 0.3)])
    expect(ranked.map(({ name, rank }) => [name, rank])).toEqual([
      ['a', 1],
      ['b', 2],
      ['lucky', null],
    ])
    expect(ranked[2]?.againstLeader).toMatchObject({
      ...{ other: 'a', seedShare: 'track', apart: false, adjustedPValue: 1 },
    })
    expect(ranked[2]?.againstLeader?.moreSeeds).toBeGreaterThanOrEqual(1)
    expect(rankEntries([entry('lucky', 0.99, 1), entry('other', 0.2, 1)])).toMatchObject([
      { name: 'lucky', rank: null, againstLeader: null, againstBaseline: null },
      { name: 'other', rank: null },
    ])
  })

  it('shows entries of which a check failed behind all others, without a rank, and leads with none of them', () => {
    const forged = { ...entry('forged', 0.99), disputed: true }
    const ranked = rankEntries([forged, entry('a', 0.9), entry('b', 0.3)])
    expect(ranked.map(({ name, rank }) => [name, rank])).toEqual([
      ['a', 1],
      ['b', 2],
      ['forged', null],
    ])
    expect(ranked[2]?.againstLeader).toMatchObject({ other: 'a', apart: false })
    expect(rankEntries([forged])).toMatchObject([{ rank: null, againstLeader: null }])
  })

  it('compares every entry with the leader and with the baseline that has most seeds', () => {
    const ranked = rankEntries([
      entry('best', 0.9),
      entry('joint', 0.8, 4, true),
      entry('joint-short', 0.85, 2, true),
      entry('weak', 0.4),
    ])
    expect(
      ranked.map(({ name, againstLeader, againstBaseline }) => [
        name,
        againstLeader?.other,
        againstBaseline?.other,
      ]),
    ).toEqual([
      ['best', undefined, 'joint'],
      ['joint-short', 'best', 'joint'],
      ['joint', 'best', undefined],
      ['weak', 'best', 'joint'],
    ])
    expect(ranked[3]?.againstBaseline).toMatchObject({ apart: true, moreSeeds: 0 })
    expect(ranked[3]?.againstBaseline?.upper).toBeLessThan(0)
  })

  it('corrects comparisons with the leader for all pairs, those with the baseline among themselves', () => {
    // Four ranked entries: six pairs, three comparisons with the baseline.
    const ranked = rankEntries([
      entry('a', 0.8),
      entry('b', 0.79),
      entry('c', 0.78, 3, true),
      entry('d', 0.5),
    ])
    const last = ranked.at(-1)
    expect(last?.name).toBe('d')
    expect(last?.againstLeader?.adjustedPValue).toBeCloseTo(6 * (last?.againstLeader?.pValue ?? 0), 12)
    expect(last?.againstBaseline?.adjustedPValue).toBeCloseTo(3 * (last?.againstBaseline?.pValue ?? 0), 12)
  })

  it('does not depend on the order of the entries', () => {
    const entries = [0.9, 0.85, 0.8, 0.6, 0.3].map((share, i) => entry(`e${i}`, share, 1 + (i % 3), i === 2))
    const expected = rankEntries(entries)
    fc.assert(
      fc.property(fc.shuffledSubarray(entries, { minLength: entries.length }), (shuffled) => {
        expect(rankEntries(shuffled)).toEqual(expected)
      }),
      { numRuns: 10 },
    )
  })

  it('refuses names that stand twice, entries without runs, and other images', () => {
    const a = entry('a', 0.5)
    expect(() => rankEntries([a, a])).toThrow(/a stands twice/)
    expect(() => rankEntries([{ ...a, counts: { ...a.counts, rightCounts: [] } }])).toThrow(BenchError)
    expect(() => rankEntries([a, { ...a, name: 'b', counts: { ...a.counts, images: 3 } }])).toThrow(
      /3 images/,
    )
  })
})
