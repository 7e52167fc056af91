import { describe, expect, it } from 'vitest'
import { frontierShares, resampleEntry } from './entry-resampling.ts'
import { drawnRun as run } from './testing/drawn-run.ts'

const good = [1, 2].map((seed) => run('good', seed, [0.7, 0.9]))
const weak = [1, 2, 3].map((seed) => run('weak', seed, [0.3, 0.5]))

describe('resampleEntry', () => {
  it('draws the same seeds for the exits of an entry', () => {
    // The dearer exit is better on the same image in each run, whichever seed is drawn, while seeds differ widely.
    const right = (count: number) => Uint8Array.from({ length: 200 }, (_, i) => (i < count ? 1 : 0))
    const runs = [20, 180].map((count, i) => {
      const { exits, ...drawn } = run('spread', i + 1, [0.5, 0.5])
      return { ...drawn, exits: exits.map((exit, e) => ({ ...exit, correct: right(count + e) })) }
    })
    const [first = new Float32Array(), second = new Float32Array()] = resampleEntry(runs)
    expect(second.every((value, r) => value >= (first[r] ?? 1))).toBe(true)
    expect(Math.max(...first) - Math.min(...first)).toBeGreaterThan(0.5)
  })
})

describe('frontierShares', () => {
  const sharesOf = (...entries: (typeof good)[]) =>
    frontierShares(entries.map((runs) => ({ exits: runs[0]?.exits ?? [], top1: resampleEntry(runs) })))

  it('is sure of what is far better and of what is far worse', () => {
    expect(sharesOf(good, weak)).toEqual([
      [1, 1],
      [0, 0],
    ])
  })

  it('does not depend on the order of entries, nor on what stands at another cost beside them', () => {
    // Equally good and equally dear, of several seeds each: who wins depends on the draws of seeds.
    const rivals = ['a', 'b', 'c'].map((name) => [1, 2, 3].map((seed) => run(name, seed, [0.7])))
    const [a = [], b = [], c = []] = rivals
    const [ofA, ofB, ofC] = sharesOf(a, b, c)
    expect(sharesOf(c, a, b)).toEqual([ofC, ofA, ofB])
    expect((ofA?.[0] ?? 0) + (ofB?.[0] ?? 0) + (ofC?.[0] ?? 0)).toBeGreaterThanOrEqual(1)
    const dearer = [1, 2].map((seed) => {
      const { exits, ...drawn } = run('dearer', seed, [0.9])
      return { ...drawn, exits: exits.map((exit) => ({ ...exit, sequentialMacs: 500 })) }
    })
    expect(sharesOf(dearer, a, b, c).slice(1)).toEqual([ofA, ofB, ofC])
  })
})
