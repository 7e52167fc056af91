import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createFrontierCount, type ResampledPoint } from './frontier-count.ts'
import { frontierStability } from './pareto.ts'

const resamples = 3
const points = fc
  .array(fc.tuple(fc.nat(4), fc.array(fc.nat(6), { minLength: resamples, maxLength: resamples })), {
    maxLength: 25,
  })
  .map((all): ResampledPoint[] =>
    all.map(([sequentialMacs, top1]) => ({
      sequentialMacs,
      top1: Float32Array.from(top1, (value) => value / 6),
    })),
  )

/** Not by the count: in each resample, what no point beats. */
function byDefinition(all: readonly ResampledPoint[]): number[] {
  const at = ({ top1 }: ResampledPoint, r: number) => top1[r] ?? Number.NaN
  return all.map((own) => {
    const beaten = Array.from({ length: resamples }, (_, r) =>
      all.some(
        (other) =>
          other.sequentialMacs <= own.sequentialMacs &&
          at(other, r) >= at(own, r) &&
          (other.sequentialMacs < own.sequentialMacs || at(other, r) > at(own, r)),
      ),
    )
    return beaten.filter((isBeaten) => !isBeaten).length / resamples
  })
}

describe('createFrontierCount', () => {
  it('gives in batches of any size, without points below its floor, what all points at once give', () => {
    fc.assert(
      fc.property(points, fc.integer({ min: 1, max: 30 }), (all, batch) => {
        const sorted = all.toSorted((a, b) => a.sequentialMacs - b.sequentialMacs)
        const frontier = createFrontierCount<ResampledPoint>()
        for (let start = 0; start < sorted.length; start += batch) {
          const floor = frontier.floor()
          for (const point of sorted.slice(start, start + batch)) {
            if (Math.max(...Array.from(point.top1)) >= floor) frontier.add(point, point)
          }
        }
        const shares = frontier.shares()
        const found = all.map((point) => shares.get(point) ?? 0)
        expect(found).toEqual(byDefinition(all))
        expect(found).toEqual(frontierStability(all))
        expect([...shares.values()].every((share) => share > 0)).toBe(true)
      }),
    )
  })

  it('goes on after it was asked', () => {
    const frontier = createFrontierCount<string>()
    expect([...frontier.shares()]).toEqual([])
    expect(frontier.floor()).toBe(Number.NEGATIVE_INFINITY)
    frontier.add('first', { sequentialMacs: 5, top1: [0.5, 0.6] })
    expect([...frontier.shares()]).toEqual([['first', 1]])
    frontier.add('of the same cost', { sequentialMacs: 5, top1: [0.5, 0.7] })
    expect(Object.fromEntries(frontier.shares())).toEqual({ first: 0.5, 'of the same cost': 1 })
    expect(frontier.floor()).toBe(0.5)
    frontier.add('dearer and as good', { sequentialMacs: 6, top1: [0.5, 0.7] })
    expect(Object.fromEntries(frontier.shares())).toEqual({ first: 0.5, 'of the same cost': 1 })
  })

  it('takes no point that is cheaper than the one before', () => {
    const frontier = createFrontierCount<string>()
    frontier.add('first', { sequentialMacs: 5, top1: [0.5] })
    expect(() => frontier.add('cheaper', { sequentialMacs: 4, top1: [0.5] })).toThrow(/cheaper/)
  })
})
