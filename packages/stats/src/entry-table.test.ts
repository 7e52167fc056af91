import { describe, expect, it } from 'vitest'
import { aggregateEntry, correctAt, selectRuns } from './entry-aggregate.ts'
import { trackSpreads } from './entry-intervals.ts'
import { rankAggregates, tableEntries, uniqueNames } from './entry-table.ts'
import { sumOverRuns } from './image-sums.ts'
import { drawnRun as run } from './testing/drawn-run.ts'

const good = [1, 2].map((seed) => run('good', seed, [0.7, 0.9]))
const weak = [1, 2, 3].map((seed) => run('weak', seed, [0.3, 0.5]))

describe('tableEntries', () => {
  it('aggregates the runs of a spec, best entry first, whatever their order', () => {
    const table = tableEntries([...weak, ...good])
    expect(table.map(({ name }) => name)).toEqual(['good', 'weak'])
    expect(table[0]?.exits[1]?.top1.mean).toBeCloseTo(
      ((good[0]?.exits[1]?.top1 ?? 0) + (good[1]?.exits[1]?.top1 ?? 0)) / 2,
      12,
    )
    expect(tableEntries([...good, ...weak].reverse())).toEqual(table)
  })

  it('puts what is beaten at its own cost off the frontier', () => {
    const [first, second] = tableEntries([...weak, ...good])
    expect(first?.exits.map(({ onFrontier }) => onFrontier)).toEqual([true, true])
    expect(second?.exits.map(({ onFrontier }) => onFrontier)).toEqual([false, false])
  })

  it('leaves disputed entries out of the frontier and of the spread', () => {
    const aggregate = (runs: typeof good, disputed: boolean) => ({
      ...aggregateEntry(selectRuns(runs)),
      ...{ own: runs, disputed },
    })
    const [best, rest] = [aggregate(good, true), aggregate(weak, false)]
    const table = rankAggregates([best, rest], ({ own }, k) => sumOverRuns(correctAt(own, k - 1)))
    expect(table.map(({ name, exits }) => [name, exits.map(({ onFrontier }) => onFrontier)])).toEqual([
      ['weak', [true, true]],
      ['good', [false, false]],
    ])
    expect(trackSpreads([best, rest])).toEqual(trackSpreads([rest]))
    expect(trackSpreads([best, rest])).not.toEqual(trackSpreads([{ ...best, disputed: false }, rest]))
  })

  it('counts the first run of a seed and no other', () => {
    const again = run('good', 1, [0.1, 0.1], { runId: 'again', finishedAt: '2026-02-01T00:00:00.000Z' })
    const [entry] = tableEntries([again, ...good])
    expect(entry?.runs).toHaveLength(2)
    expect(entry?.repeats.map(({ runId }) => runId)).toEqual(['again'])
    expect(entry?.exits).toEqual(tableEntries(good)[0]?.exits)
  })

  it('ranks each exit among those of its number, and the entry by its last', () => {
    const seeds = [1, 2, 3]
    const shallow = seeds.map((seed) => run('shallow', seed, [0.9]))
    const deep = seeds.map((seed) => run('deep', seed, [0.3, 0.6]))
    const deeper = seeds.map((seed) => run('deeper', seed, [0.6, 0.9]))
    const table = tableEntries([...deep, ...shallow, ...deeper])
    const ranks = Object.fromEntries(table.map(({ name, exits }) => [name, exits.map(({ rank }) => rank)]))
    // First exits: 0.9, 0.6, 0.3 apart. Second exits: two entries have one.
    expect(ranks).toEqual({ shallow: [1], deeper: [2, 1], deep: [3, 2] })
    // Last exits: 0.9 and 0.9 tie, 0.6 is behind them.
    expect(table.map(({ name, ranking }) => [name, ranking.rank]).toSorted()).toEqual([
      ['deep', 3],
      ['deeper', 1],
      ['shallow', 1],
    ])
  })

  it('has intervals that hold the mean and say where the seeds’ share is from', () => {
    const [first, second, single] = tableEntries([...weak, ...good, run('one', 1, [0.6, 0.95])])
    expect([first, second, single].map((entry) => [entry?.name, entry?.ranking.rank])).toEqual([
      ['good', 1],
      ['weak', 2],
      ['one', null],
    ])
    for (const entry of [first, second, single]) {
      const intervals = [...(entry?.intervals.exits ?? []), entry?.intervals.ensemble]
      expect(intervals).toHaveLength(3)
      for (const [i, interval] of intervals.entries()) {
        const mean = (entry?.exits[i] ?? entry?.ensemble)?.top1.mean ?? Number.NaN
        expect(interval?.mean).toBeCloseTo(mean, 12)
        expect(interval?.lower).toBeLessThan(mean)
        expect(interval?.upper).toBeGreaterThan(mean)
        expect(interval?.seedShare).toBe(entry === single ? 'track' : 'own')
      }
    }
  })

  it('takes joint training of several exits for the baseline, and no depth that was trained alone', () => {
    const mate = [1, 2].map((seed) => run('mate', seed, [0.5, 0.8], { method: 'mate' }))
    const alone = [1, 2, 3].map((seed) => run('alone', seed, [0.85]))
    const joint = [1, 2].map((seed) => run('joint', seed, [0.5, 0.7]))
    const others = tableEntries([...mate, ...alone, ...joint]).map(({ name, ranking }) => [
      name,
      ranking.againstBaseline?.other,
    ])
    expect(Object.fromEntries(others)).toEqual({ mate: 'joint', alone: 'joint', joint: undefined })
  })

  it('keeps equal accuracies together on the frontier, in whatever order their seeds add up', () => {
    // Means of 0.1, 0.2, 0.3 and of 0.2, 0.2, 0.2: as fractions they differ in the last digit.
    const right = (count: number) => Uint8Array.from({ length: 200 }, (_, i) => (i < count ? 1 : 0))
    const of = (name: string, counts: readonly number[]) =>
      counts.map((count, i) => run(name, i + 1, [0.5], { correct: right(count) }))
    const table = tableEntries([...of('a', [20, 40, 60]), ...of('b', [40, 40, 40])])
    expect(table.map(({ exits }) => exits[0]?.onFrontier)).toEqual([true, true])
  })
})

describe('uniqueNames', () => {
  const named = (specName: string, digits: string) => ({
    specName,
    experimentDigest: `sha256:${digits.padEnd(64, '0')}`,
  })

  it('adds the start of the digest where a name is used twice', () => {
    expect(uniqueNames([named('a', 'abcdef0123'), named('b', '1'), named('a', '123456789')])).toEqual([
      'a (abcdef01)',
      'b',
      'a (12345678)',
    ])
  })

  it('adds more of it where digests start alike', () => {
    expect(
      uniqueNames([named('a', 'abcdef01234'), named('a', 'abcdef01235'), named('a', '12'), named('b', '')]),
    ).toEqual(['a (abcdef01234)', 'a (abcdef01235)', 'a (12000000000)', 'b'])
  })
})
