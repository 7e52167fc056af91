import { BenchError } from '@mate-bench/schema'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { holmAdjust, mcnemarExact, signFlipTest } from './paired.ts'

/** min(1, 2 P(X <= min)) with exact integer binomial coefficients. */
function binomialSum(b: number, c: number): number {
  const n = b + c
  let coefficient = 1n
  let sum = 0n
  for (let j = 0; j <= Math.min(b, c); j++) {
    sum += coefficient
    coefficient = (coefficient * BigInt(n - j)) / BigInt(j + 1)
  }
  const scaled = (2n * sum * 10n ** 18n) / 2n ** BigInt(n)
  return Math.min(1, Number(scaled) / 1e18)
}

describe('mcnemarExact', () => {
  it('equals the binomial sum', () => {
    const counts = fc.integer({ min: 0, max: 400 })
    fc.assert(
      fc.property(counts, counts, (b, c) => {
        expect(mcnemarExact(b, c)).toBeCloseTo(binomialSum(b, c), 11)
        expect(mcnemarExact(c, b)).toBe(mcnemarExact(b, c))
      }),
    )
  })

  it('has the values worked by hand', () => {
    expect(mcnemarExact(0, 0)).toBe(1)
    expect(mcnemarExact(5, 5)).toBe(1)
    expect(mcnemarExact(6, 0)).toBeCloseTo(2 / 64, 14)
    expect(mcnemarExact(1, 9)).toBeCloseTo((2 * (1 + 10)) / 1024, 14)
  })

  it('keeps relative precision far out and for many images', () => {
    expect(mcnemarExact(1000, 0) / 2 ** -999).toBeCloseTo(1, 9)
    // Normal approximation with continuity correction: z = 199 / sqrt(5800), p about 0.0089766.
    expect(mcnemarExact(3000, 2800)).toBeCloseTo(0.00897, 4)
    expect(mcnemarExact(20_000, 0)).toBe(0)
  })

  it('falls as the imbalance grows', () => {
    for (let c = 10; c > 0; c--) expect(mcnemarExact(20 - c + 1, c - 1)).toBeLessThan(mcnemarExact(20 - c, c))
  })

  it('refuses what is not a count', () => {
    for (const bad of [-1, 0.5, Number.NaN]) expect(() => mcnemarExact(bad, 1)).toThrow(BenchError)
  })
})

describe('signFlipTest', () => {
  it('has the values worked by hand', () => {
    // Of the eight patterns of +-1, +-2, +-3, only all signs equal reaches 6.
    expect(signFlipTest([1, 2, 3])).toEqual({ pValue: 0.25, smallestPValue: 0.25 })
    // |sum| = 4: reached by 6 and 4, in four patterns of eight.
    expect(signFlipTest([-1, 2, 3]).pValue).toBe(0.5)
    expect(signFlipTest([0, 0, 0, 0]).pValue).toBe(1)
    expect(signFlipTest([5]).pValue).toBe(1)
    expect(signFlipTest([1, 1, 1, 1, 1, 1]).pValue).toBe(2 / 64)
  })

  it('equals walking through every pattern of signs', () => {
    const differences = fc.array(fc.integer({ min: -60, max: 60 }), { minLength: 1, maxLength: 9 })
    fc.assert(
      fc.property(differences, (values) => {
        const observed = Math.abs(values.reduce((sum, value) => sum + value, 0))
        let hits = 0
        for (let pattern = 0; pattern < 2 ** values.length; pattern++) {
          const sum = values.reduce((total, d, i) => total + ((pattern >> i) & 1 ? -d : d), 0)
          if (Math.abs(sum) >= observed) hits++
        }
        expect(signFlipTest(values).pValue).toBe(hits / 2 ** values.length)
      }),
    )
  })

  it('does not depend on sign or order, and is never below its least value', () => {
    const differences = fc.array(fc.integer({ min: -30, max: 30 }), { minLength: 1, maxLength: 8 })
    fc.assert(
      fc.property(differences, (values) => {
        const { pValue, smallestPValue } = signFlipTest(values)
        expect(signFlipTest(values.map((value) => -value)).pValue).toBe(pValue)
        expect(signFlipTest(values.toReversed()).pValue).toBe(pValue)
        expect(pValue).toBeGreaterThanOrEqual(smallestPValue)
        expect(pValue).toBeLessThanOrEqual(1)
      }),
    )
  })

  it('is exact for any number of differences', () => {
    // Equal sizes: p = 2 P(X <= reversed), X ~ Binomial(n, 1/2).
    const signs = (n: number, reversed: number) =>
      Array.from({ length: n }, (_, i) => (i < reversed ? -1 : 1))
    expect(signFlipTest(signs(17, 4)).pValue).toBeCloseTo(mcnemarExact(4, 13), 12)
    expect(signFlipTest(signs(200, 80)).pValue).toBeCloseTo(mcnemarExact(80, 120), 12)
    expect(signFlipTest(signs(40, 0))).toEqual({ pValue: 2 ** -39, smallestPValue: 2 ** -39 })
  })

  it('refuses nothing, not-a-number and fractions', () => {
    expect(() => signFlipTest([])).toThrow(BenchError)
    expect(() => signFlipTest([1, Number.NaN])).toThrow(BenchError)
    expect(() => signFlipTest([1, 0.5])).toThrow(BenchError)
  })
})

describe('holmAdjust', () => {
  it('has the values worked by hand', () => {
    expect([...holmAdjust([0.01, 0.04, 0.03, 0.005])]).toEqual([0.03, 0.06, 0.06, 0.02])
    expect([...holmAdjust([0.6, 0.5])]).toEqual([1, 1])
    expect([...holmAdjust([])]).toEqual([])
  })

  it('never lowers a p-value, keeps their order, and lies within Bonferroni', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 20 }), (values) => {
        const adjusted = holmAdjust(values)
        values.forEach((p, i) => {
          expect(adjusted[i]).toBeGreaterThanOrEqual(p)
          expect(adjusted[i]).toBeLessThanOrEqual(Math.min(1, p * values.length))
          values.forEach((q, j) => {
            if (p < q) expect(adjusted[i]).toBeLessThanOrEqual(adjusted[j] ?? Number.NaN)
          })
        })
      }),
    )
  })
})
