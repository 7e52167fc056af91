import { describe, expect, it } from 'vitest'
import type { EntryRun } from './entry-aggregate.ts'
import { entryIntervals, frontierShares, tableEntries } from './entry-table.ts'
import { createRandom } from './random.ts'

const images = 200

function run(name: string, seed: number, top1: readonly number[], options: Partial<EntryRun> = {}): EntryRun {
  const random = createRandom(seed, name)
  const result = (share: number) => {
    const correct = Uint8Array.from({ length: images }, () => (random.uniform() < share ? 1 : 0))
    const mean = correct.reduce((sum, right) => sum + right, 0) / images
    return { top1: mean, top5: 1, nll: 0.5, ece: 0.1, auroc: null, correct }
  }
  return {
    runId: `run-${name}-${seed}`,
    specDigest: `sha256:${name}`,
    name,
    seed,
    finishedAt: '2026-01-01T00:00:00.000Z',
    parameters: 10,
    exits: top1.map((share, i) => ({
      k: i + 1,
      after: `stage${i}`,
      isolatedMacs: 100 * (i + 1),
      sequentialMacs: 120 * (i + 1),
      parameters: 5 * (i + 1),
      ...result(share),
    })),
    ensemble: result(top1.at(-1) ?? 0),
    ...options,
  }
}

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

  it('counts the first run of a seed and no other', () => {
    const again = run('good', 1, [0.1, 0.1], { runId: 'again', finishedAt: '2026-02-01T00:00:00.000Z' })
    const [entry] = tableEntries([again, ...good])
    expect(entry?.runs).toHaveLength(2)
    expect(entry?.repeats.map(({ runId }) => runId)).toEqual(['again'])
    expect(entry?.exits).toEqual(tableEntries(good)[0]?.exits)
  })
})

describe('entryIntervals', () => {
  it('gives an entry the same intervals in any table', () => {
    const [first, second] = tableEntries([...weak, ...good])
    if (!first || !second) throw new Error('two entries were given')
    const [together] = entryIntervals([second, first])
    expect(entryIntervals([second])).toEqual([together])
  })

  it('holds the mean, and says whether it covers seeds', () => {
    const table = tableEntries([...good, run('one', 1, [0.6])])
    for (const [i, { exits }] of entryIntervals(table).entries()) {
      for (const [k, { lower, upper, mean, coversSeeds }] of exits.entries()) {
        expect(mean).toBeCloseTo(table[i]?.exits[k]?.top1.mean ?? Number.NaN, 12)
        expect(lower).toBeLessThan(mean)
        expect(upper).toBeGreaterThan(mean)
        expect(coversSeeds).toBe(table[i]?.name === 'good')
      }
    }
  })
})

describe('frontierShares', () => {
  it('is sure of what is far better and of what is far worse', () => {
    const table = tableEntries([...weak, ...good])
    expect(frontierShares(table)).toEqual([
      [1, 1],
      [0, 0],
    ])
  })
})
