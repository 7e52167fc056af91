import { BenchError } from '@mate-bench/schema'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { areaUnderCurve, trackMacsRange } from './area.ts'

const point = (sequentialMacs: number, top1: number) => ({ sequentialMacs, top1 })
const range = { fromMacs: 1, toMacs: 1000 }

describe('trackMacsRange', () => {
  it('is from a thousand to a million MACs a pixel, whatever the channels', () => {
    expect(trackMacsRange([32, 32, 3])).toEqual({ fromMacs: 1_024_000, toMacs: 1_024_000_000 })
    expect(trackMacsRange([28, 28, 1])).toEqual({ fromMacs: 784_000, toMacs: 784_000_000 })
  })
})

describe('areaUnderCurve', () => {
  it('has the value worked by hand', () => {
    // Three decades: no answer in the first, 0.6 in the second, 0.9 in the third.
    expect(areaUnderCurve([point(10, 0.6), point(100, 0.9)], range)).toBeCloseTo((0.6 + 0.9) / 3, 12)
  })

  it('counts a deeper exit as it is, even where it is worse', () => {
    expect(areaUnderCurve([point(1, 0.9), point(10, 0.3)], range)).toBeCloseTo((0.9 + 2 * 0.3) / 3, 12)
  })

  it('cuts exits at the ends of the range', () => {
    expect(areaUnderCurve([point(0.001, 0.5)], range)).toBeCloseTo(0.5, 12)
    expect(areaUnderCurve([point(0.001, 0.2), point(0.1, 0.5), point(5000, 1)], range)).toBeCloseTo(0.5, 12)
    expect(areaUnderCurve([point(1000, 1)], range)).toBe(0)
    expect(areaUnderCurve([], range)).toBe(0)
  })

  it('is between 0 and the best exit, whatever the order and the unit of cost', () => {
    const exits = fc.array(
      fc
        .tuple(fc.double({ min: 0.01, max: 1e5, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }))
        .map(([macs, top1]) => point(macs, top1)),
      { minLength: 1, maxLength: 6 },
    )
    fc.assert(
      fc.property(exits, (list) => {
        const area = areaUnderCurve(list, range)
        expect(area).toBeGreaterThanOrEqual(0)
        expect(area).toBeLessThanOrEqual(Math.max(...list.map(({ top1 }) => top1)) + 1e-12)
        const doubled = list.map(({ sequentialMacs, top1 }) => point(2 * sequentialMacs, top1))
        expect(areaUnderCurve(doubled, { fromMacs: 2, toMacs: 2000 })).toBeCloseTo(area, 9)
      }),
    )
  })

  it('refuses an empty range', () => {
    for (const [fromMacs, toMacs] of [
      [0, 1],
      [2, 2],
      [1, Infinity],
      [Number.NaN, 1],
    ] as const)
      expect(() => areaUnderCurve([], { fromMacs, toMacs })).toThrow(BenchError)
  })
})
