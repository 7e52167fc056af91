import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { roundTicks } from './round-ticks.ts'

describe('roundTicks', () => {
  it('has the round values of a range', () => {
    expect(roundTicks(0.728, 0.83, 6)).toEqual([0.74, 0.76, 0.78, 0.8, 0.82])
    expect(roundTicks(209e6, 669e6, 5)).toEqual([300e6, 400e6, 500e6, 600e6])
    expect(roundTicks(0, 1, 6)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1])
    expect(roundTicks(5, 5, 6)).toEqual([5])
  })

  it('stays in the range, ascending, with at least one and at most as many as asked for', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1e9, noNaN: true }),
        fc.double({ min: 1e-3, max: 1e9, noNaN: true }),
        fc.integer({ min: 3, max: 9 }),
        (from, length, most) => {
          const ticks = roundTicks(from, from + length, most)
          expect(ticks.length).toBeGreaterThan(0)
          expect(ticks.length).toBeLessThanOrEqual(most)
          const slack = 1e-6 * length
          expect(ticks[0]).toBeGreaterThanOrEqual(from - slack)
          expect(ticks.at(-1)).toBeLessThanOrEqual(from + length + slack)
          expect(ticks).toEqual([...new Set(ticks)].sort((a, b) => a - b))
        },
      ),
    )
  })
})
