import { describe, expect, it } from 'vitest'
import { logGamma, normalQuantile, regularisedIncompleteBeta, studentQuantile } from './special.ts'

describe('logGamma', () => {
  it('is the logarithm of factorials', () => {
    let factorial = 1
    for (let n = 1; n <= 20; n++) {
      expect(logGamma(n)).toBeCloseTo(Math.log(factorial), 12)
      factorial *= n
    }
  })

  it('has its closed forms at halves, by reflection too', () => {
    expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.PI) / 2, 13)
    expect(logGamma(1.5)).toBeCloseTo(Math.log(Math.PI) / 2 - Math.LN2, 13)
    // Gamma(1/4), Abramowitz and Stegun, chapter 6.
    expect(Math.exp(logGamma(0.25))).toBeCloseTo(3.6256099082, 9)
  })

  it("agrees with Stirling's series for large arguments", () => {
    const x = 10_000
    const stirling = (x - 0.5) * Math.log(x) - x + Math.log(2 * Math.PI) / 2 + 1 / (12 * x)
    expect(logGamma(x) / stirling).toBeCloseTo(1, 13)
  })
})

describe('regularisedIncompleteBeta', () => {
  it('has its closed forms', () => {
    for (const x of [0, 0.1, 0.5, 0.9, 1]) {
      expect(regularisedIncompleteBeta(x, 1, 1)).toBeCloseTo(x, 13)
      expect(regularisedIncompleteBeta(x, 3, 1)).toBeCloseTo(x ** 3, 13)
      expect(regularisedIncompleteBeta(x, 1, 3)).toBeCloseTo(1 - (1 - x) ** 3, 13)
      expect(regularisedIncompleteBeta(x, 0.5, 0.5)).toBeCloseTo((2 / Math.PI) * Math.asin(Math.sqrt(x)), 12)
    }
  })

  it('is a binomial tail and symmetric', () => {
    // P(X >= 3) for X ~ Binomial(5, 0.3) = 10 * 0.027 * 0.49 + 5 * 0.0081 * 0.7 + 0.00243.
    expect(regularisedIncompleteBeta(0.3, 3, 3)).toBeCloseTo(0.16308, 12)
    expect(regularisedIncompleteBeta(0.2, 7, 2.5) + regularisedIncompleteBeta(0.8, 2.5, 7)).toBeCloseTo(1, 13)
  })
})

describe('normalQuantile', () => {
  it('has the values of the tables', () => {
    expect(normalQuantile(0.5)).toBe(0)
    expect(normalQuantile(0.975)).toBeCloseTo(1.959963984540054, 12)
    expect(normalQuantile(0.995)).toBeCloseTo(2.5758293035489, 11)
    expect(normalQuantile(0.9995)).toBeCloseTo(3.290526731491895, 10)
    expect(normalQuantile(0.025)).toBeCloseTo(-1.959963984540054, 12)
  })
})

describe('studentQuantile', () => {
  it('has the values of the tables at 0.975', () => {
    const table: [number, number][] = [
      [1, 12.706204736],
      [2, 4.30265273],
      [3, 3.182446305],
      [4, 2.776445105],
      [9, 2.262157163],
      [29, 2.045229642],
      [120, 1.979930405],
    ]
    for (const [degrees, expected] of table) {
      expect(studentQuantile(0.975, degrees)).toBeCloseTo(expected, 7)
      expect(studentQuantile(0.025, degrees)).toBeCloseTo(-expected, 7)
    }
  })

  it('has its closed forms for one and two degrees, and the normal limit', () => {
    expect(studentQuantile(0.9, 1)).toBeCloseTo(Math.tan(0.4 * Math.PI), 10)
    expect(studentQuantile(0.9, 2)).toBeCloseTo(0.8 * Math.sqrt(2 / (4 * 0.9 * 0.1)), 10)
    expect(studentQuantile(0.975, 1e6)).toBeCloseTo(normalQuantile(0.975), 5)
    expect(studentQuantile(0.5, 3)).toBe(0)
  })
})
