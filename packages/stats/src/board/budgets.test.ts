import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cheapestReaching, exitWithin } from './budgets.ts'

const exit = (sequentialMacs: number, mean: number) => ({ sequentialMacs, top1: { mean } })
const exits = [exit(10, 0.6), exit(20, 0.8), exit(40, 0.7)]

describe('exitWithin', () => {
  it('is the deepest exit that the budget pays for, also where it is worse than an earlier one', () => {
    expect(exitWithin(exits, 9)).toBeUndefined()
    expect(exitWithin(exits, 10)).toBe(exits[0])
    expect(exitWithin(exits, 39)).toBe(exits[1])
    expect(exitWithin(exits, 1e9)).toBe(exits[2])
  })

  it('of equal costs is the later one', () => {
    const tied = [exit(10, 0.6), exit(10, 0.5)]
    expect(exitWithin(tied, 10)).toBe(tied[1])
  })

  it('refuses a budget that is none', () => {
    expect(() => exitWithin(exits, 0)).toThrow('not positive')
    expect(() => exitWithin(exits, Number.NaN)).toThrow('not positive')
  })
})

describe('cheapestReaching', () => {
  it('is the cheapest exit that is accurate enough', () => {
    expect(cheapestReaching(exits, 0.65)).toBe(exits[1])
    expect(cheapestReaching(exits, 0.6)).toBe(exits[0])
    expect(cheapestReaching(exits, 0.81)).toBeUndefined()
  })

  it('asks for no less as the target rises', () => {
    const some = fc.array(
      fc.record({
        sequentialMacs: fc.integer({ min: 1, max: 50 }),
        mean: fc.double({ min: 0, max: 1, noNaN: true }),
      }),
    )
    const share = fc.double({ min: 0, max: 1, noNaN: true })
    fc.assert(
      fc.property(some, share, share, (drawn, a, b) => {
        const all = drawn.map(({ sequentialMacs, mean }) => exit(sequentialMacs, mean))
        const [low, high] = [Math.min(a, b), Math.max(a, b)]
        const cost = (top1: number) => cheapestReaching(all, top1)?.sequentialMacs ?? Number.POSITIVE_INFINITY
        expect(cost(low)).toBeLessThanOrEqual(cost(high))
      }),
    )
  })
})
