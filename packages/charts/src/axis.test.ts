import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { linearTicks, logDomain, logTicks, shareDomain } from './axis.ts'

describe('logTicks', () => {
  it('gives some also within less than a decade', () => {
    expect(logTicks(1.4e6, 3.2e6)).toEqual([1.5e6, 2e6, 2.5e6, 3e6])
  })

  it('thins out over many decades', () => {
    expect(logTicks(1e3, 1e9, 8)).toEqual([1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9])
  })

  it('stays inside the range, ascending', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1, max: 1e12, noNaN: true }),
        fc.double({ min: 1.2, max: 1e4, noNaN: true }),
        (from, factor) => {
          const ticks = logTicks(from, from * factor)
          expect(ticks.every((tick) => tick >= from && tick <= from * factor)).toBe(true)
          expect([...ticks].sort((a, b) => a - b)).toEqual(ticks)
        },
      ),
    )
  })
})

describe('linearTicks', () => {
  it('are round, inside, and no more than asked for', () => {
    expect(linearTicks(0.71, 0.86, 5)).toEqual([0.75, 0.8, 0.85])
    expect(linearTicks(0, 20e6, 5)).toEqual([0, 5e6, 10e6, 15e6, 20e6])
    expect(linearTicks(1, 3, 9, true)).toEqual([1, 2, 3])
    fc.assert(
      fc.property(
        fc.double({ min: -1e9, max: 1e9, noNaN: true }),
        fc.double({ min: 1e-3, max: 1e9, noNaN: true }),
        (from, length) => {
          const ticks = linearTicks(from, from + length, 7)
          expect(ticks.length).toBeGreaterThan(1)
          expect(ticks.length).toBeLessThanOrEqual(7)
        },
      ),
    )
  })
})

describe('domains', () => {
  it('hold their values with room', () => {
    const [low, high] = logDomain([1e6, 4e6])
    expect(low).toBeLessThan(1e6)
    expect(high).toBeGreaterThan(4e6)
    const [one, other] = logDomain([5])
    expect(other / one).toBeGreaterThan(1.1)
  })

  it('of shares stay in [0, 1]', () => {
    expect(shareDomain([0, 1])).toEqual([0, 1])
    expect(shareDomain([0.8, 0.9])[0]).toBeLessThan(0.8)
  })
})
