import { BenchError } from '@mate-bench/schema'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRandom } from './random.ts'
import { type RankingEntry, rankTieGroups } from './ranking.ts'

/** A run of 200 images of which the first `right` are right. */
const run = (right: number) => Uint8Array.from({ length: 200 }, (_, i) => (i < right ? 1 : 0))
const entry = (name: string, ...right: number[]): RankingEntry => ({ name, correct: right.map(run) })
const summary = (entries: RankingEntry[]) =>
  rankTieGroups(entries).map(({ name, group, rank }) => `${name} ${group} ${rank}`)

describe('rankTieGroups', () => {
  it('ties one-seed entries that McNemar cannot part, and parts those that it can', () => {
    // a against b: 4 discordant images, p = 2 / 16. a against c: 40 discordant, all one way.
    const ranked = rankTieGroups([entry('c', 120), entry('b', 156), entry('a', 160), entry('d', 118)])
    expect(ranked.map(({ name, group, rank }) => [name, group, rank])).toEqual([
      ['a', 1, 1],
      ['b', 1, 1],
      ['c', 2, 3],
      ['d', 2, 3],
    ])
    expect(ranked[0]?.comparison).toBeNull()
    expect(ranked[1]?.comparison).toEqual({
      leader: 'a',
      test: 'mcnemar',
      pValue: expect.closeTo(2 / 16, 12),
      adjustedPValue: expect.closeTo(2 / 8, 12), // 2/16 and the 1/2 of c and d are the last two of Holm's steps
      smallestPValue: expect.closeTo(2 / 16, 12),
    })
    expect(ranked[2]?.comparison).toMatchObject({ leader: 'a', pValue: expect.closeTo(2 ** -39, 20) })
    expect(ranked[3]?.comparison).toMatchObject({ leader: 'c', pValue: expect.closeTo(0.5, 12) })
  })

  it('uses the seeds where both sides have several, and says when they are too few to part anything', () => {
    const few = rankTieGroups([entry('a', 190, 191, 192), entry('b', 100, 101, 102)])
    expect(few.map(({ group }) => group)).toEqual([1, 1])
    expect(few[1]?.comparison).toMatchObject({ test: 'sign-flip', pValue: 0.25, smallestPValue: 0.25 })

    const enough = rankTieGroups([
      entry('a', 190, 191, 192, 190, 191, 192),
      entry('b', 100, 101, 102, 100, 101, 102),
    ])
    expect(enough.map(({ group, seeds }) => [group, seeds])).toEqual([
      [1, 6],
      [2, 6],
    ])
    expect(enough[1]?.comparison).toMatchObject({ pValue: 2 / 64, adjustedPValue: 2 / 64 })
  })

  it('compares the first runs where one side has one seed', () => {
    const ranked = rankTieGroups([entry('many', 160, 170), entry('one', 100)])
    expect(ranked.map(({ name, mean, group }) => [name, mean, group])).toEqual([
      ['many', 0.825, 1],
      ['one', 0.5, 2],
    ])
    expect(ranked[1]?.comparison?.test).toBe('mcnemar')
  })

  it('does not part entries by a test that speaks against the order of their means', () => {
    // By mean `many` is first, but its first run, the one that is tested, is far worse.
    const ranked = rankTieGroups([entry('many', 60, 200), entry('one', 120)])
    expect(ranked.map(({ name, group }) => [name, group])).toEqual([
      ['many', 1],
      ['one', 1],
    ])
    expect(ranked[1]?.comparison?.adjustedPValue).toBeLessThan(0.001)
  })

  it('corrects for the number of entries in the table', () => {
    // Alone, 7 discordant images all one way are p = 2 / 128; among ten pairs that is not enough.
    const pair = [entry('a', 107), entry('b', 100)]
    expect(summary(pair)).toEqual(['a 1 1', 'b 2 2'])
    const five = [...pair, entry('c', 99), entry('d', 98), entry('e', 97)]
    expect(summary(five).slice(0, 2)).toEqual(['a 1 1', 'b 1 1'])
  })

  it('orders equal means by name and does not depend on the order given', () => {
    expect(summary([entry('b', 100), entry('a', 100)])).toEqual(['a 1 1', 'b 1 1'])
    const tables = fc
      .uniqueArray(
        fc.tuple(fc.stringMatching(/^[a-z]{1,3}$/), fc.array(fc.nat(200), { minLength: 1, maxLength: 3 })),
        {
          maxLength: 6,
          selector: ([name]) => name,
        },
      )
      .map((rows) => rows.map(([name, right]) => entry(name, ...right)))
    fc.assert(
      fc.property(tables, (entries) => {
        const ranked = rankTieGroups(entries)
        expect(rankTieGroups(entries.toReversed())).toEqual(ranked)
        ranked.forEach(({ mean, group, rank }, i) => {
          const before = ranked[i - 1]
          if (before === undefined) return
          expect(mean).toBeLessThanOrEqual(before.mean)
          expect([before.group, before.group + 1]).toContain(group)
          expect(rank === before.rank).toBe(group === before.group)
        })
      }),
      { numRuns: 60 },
    )
  })

  it('rarely parts entries of equal accuracy', () => {
    let parted = 0
    for (let trial = 0; trial < 60; trial++) {
      const random = createRandom(trial, 'equal-entries')
      const entries = ['a', 'b', 'c', 'd'].map((name) => ({
        name,
        correct: [Uint8Array.from({ length: 200 }, () => (random.uniform() < 0.7 ? 1 : 0))],
      }))
      if (rankTieGroups(entries).at(-1)?.group !== 1) parted++
    }
    expect(parted / 60).toBeLessThan(0.1)
  })

  it('refuses what is not a table', () => {
    expect(rankTieGroups([])).toEqual([])
    expect(() => rankTieGroups([entry('a', 1), entry('a', 2)])).toThrow(/stands twice/)
    expect(() => rankTieGroups([{ name: 'a', correct: [] }])).toThrow(BenchError)
    expect(() => rankTieGroups([entry('a', 1), { name: 'b', correct: [new Uint8Array(3)] }])).toThrow(
      BenchError,
    )
  })
})
