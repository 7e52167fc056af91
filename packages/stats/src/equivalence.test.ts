import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { equivalenceTest } from './equivalence.ts'
import { summariseSeeds } from './intervals.ts'

describe('equivalenceTest', () => {
  it('agrees with one training against three, worked by hand', () => {
    // sd = 0.02 of 0.80, 0.82, 0.84; error = 0.02 sqrt(1 + 1/3); t of 95 % with 2 degrees: 0.9 sqrt(2) / sqrt(0.19).
    const t = (0.9 * Math.SQRT2) / Math.sqrt(0.19)
    const error = 0.02 * Math.sqrt(4 / 3)
    const test = equivalenceTest(summariseSeeds([0.83]), summariseSeeds([0.8, 0.82, 0.84]), { margin: 0.1 })
    expect(test?.degreesOfFreedom).toBe(2)
    expect(test?.difference).toBeCloseTo(0.01, 12)
    expect(test?.sd).toBeCloseTo(0.02, 12)
    expect(test?.lower).toBeCloseTo(0.01 - t * error, 10)
    expect(test?.upper).toBeCloseTo(0.01 + t * error, 10)
    // P(T > t) with 2 degrees is (1 - t / sqrt(2 + t^2)) / 2, at t = 0.09 / error.
    const nearer = 0.09 / error
    expect(test?.pValue).toBeCloseTo((1 - nearer / Math.sqrt(2 + nearer ** 2)) / 2, 10)
    expect(test?.equivalent).toBe(true)
  })

  it('pools the spread of two against two: (n - 1) s^2 of both over 2 degrees', () => {
    // Squares: 2 x 0.01^2 about 0.51, and 2 x 0.03^2 about 0.53.
    const test = equivalenceTest(summariseSeeds([0.5, 0.52]), summariseSeeds([0.5, 0.56]), { margin: 0.02 })
    expect(test?.sd).toBeCloseTo(Math.sqrt((2 * 0.0001 + 2 * 0.0009) / 2), 12)
    expect(test?.difference).toBeCloseTo(-0.02, 12)
    expect(test?.equivalent).toBe(false)
    // At the very margin the nearer one-sided test has t = 0.
    expect(test?.pValue).toBeCloseTo(0.5, 10)
  })

  it('knows nothing of one training against one', () => {
    expect(equivalenceTest(summariseSeeds([0.8]), summariseSeeds([0.8]), { margin: 0.01 })).toBeNull()
  })

  it('takes seeds that do not spread at their word', () => {
    const same = equivalenceTest(summariseSeeds([0.8]), summariseSeeds([0.8, 0.8]), { margin: 0.01 })
    expect(same).toMatchObject({ lower: 0, upper: 0, pValue: 0, equivalent: true })
    const other = equivalenceTest(summariseSeeds([0.9]), summariseSeeds([0.8, 0.8]), { margin: 0.01 })
    expect(other).toMatchObject({ pValue: 1, equivalent: false })
  })

  it('refuses a margin of 0', () => {
    const one = summariseSeeds([0.5, 0.6])
    expect(() => equivalenceTest(one, one, { margin: 0 })).toThrow(RangeError)
  })

  it('calls equivalent exactly what has a p-value below alpha, from either side', () => {
    const sample = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 2, maxLength: 6 })
    fc.assert(
      fc.property(sample, sample, fc.double({ min: 0.01, max: 0.5, noNaN: true }), (a, b, margin) => {
        const [first, second] = [summariseSeeds(a), summariseSeeds(b)]
        const test = equivalenceTest(first, second, { margin })
        const mirrored = equivalenceTest(second, first, { margin })
        fc.pre(test !== null && mirrored !== null && Math.abs(test.pValue - 0.05) > 1e-9 && test.sd > 1e-9)
        expect(test.equivalent).toBe(test.pValue < 0.05)
        expect(mirrored.pValue).toBeCloseTo(test.pValue, 9)
        expect(mirrored.lower).toBeCloseTo(-test.upper, 12)
      }),
    )
  })
})
