import { BenchError } from '@mate-bench/schema'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { summariseSeeds, wilsonInterval } from './intervals.ts'

describe('wilsonInterval', () => {
  it('has the values of the literature', () => {
    // Newcombe, Statistics in Medicine 17, 1998, table I, method 3.
    const cases: [number, number, number, number][] = [
      [81, 263, 0.2553, 0.3662],
      [15, 148, 0.0624, 0.1605],
      [0, 20, 0, 0.1611],
      [1, 29, 0.0061, 0.1718],
    ]
    for (const [successes, count, lower, upper] of cases) {
      const interval = wilsonInterval(successes, count)
      expect(interval.lower).toBeCloseTo(lower, 4)
      expect(interval.upper).toBeCloseTo(upper, 4)
    }
  })

  it('holds the share, stays in [0, 1], mirrors, and grows with the quantile', () => {
    const shares = fc
      .integer({ min: 1, max: 20_000 })
      .chain((n) => fc.tuple(fc.integer({ min: 0, max: n }), fc.constant(n)))
    fc.assert(
      fc.property(shares, ([successes, count]) => {
        const { lower, upper } = wilsonInterval(successes, count)
        expect(lower).toBeGreaterThanOrEqual(0)
        expect(upper).toBeLessThanOrEqual(1)
        expect(lower).toBeLessThanOrEqual(successes / count)
        expect(upper).toBeGreaterThanOrEqual(successes / count)
        const mirrored = wilsonInterval(count - successes, count)
        expect(mirrored.lower).toBeCloseTo(1 - upper, 12)
        const wider = wilsonInterval(successes, count, { quantile: 3 })
        expect(wider.upper - wider.lower).toBeGreaterThan(upper - lower)
      }),
    )
  })

  it('refuses what is not a share', () => {
    expect(() => wilsonInterval(0, 0)).toThrow(BenchError)
    expect(() => wilsonInterval(3, 2)).toThrow(BenchError)
  })
})

describe('summariseSeeds', () => {
  it('gives the values worked by hand', () => {
    expect(summariseSeeds([0.7, 0.72, 0.74])).toEqual({
      n: 3,
      mean: expect.closeTo(0.72, 12),
      sd: expect.closeTo(0.02, 12),
    })
  })

  it('says nothing about the spread of one seed, and refuses none', () => {
    expect(summariseSeeds([0.7])).toEqual({ n: 1, mean: 0.7, sd: null })
    expect(() => summariseSeeds([])).toThrow(BenchError)
  })
})
