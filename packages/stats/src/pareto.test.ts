import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { frontierStability, paretoFrontier } from './pareto.ts'

const point = (sequentialMacs: number, top1: number) => ({ sequentialMacs, top1 })
const points = fc.array(
  fc.tuple(fc.nat(8), fc.nat(8)).map(([macs, top1]) => point(macs, top1 / 8)),
  { maxLength: 20 },
)

describe('paretoFrontier', () => {
  it('keeps what nothing beats', () => {
    expect(
      paretoFrontier([
        point(1, 0.5),
        point(2, 0.4),
        point(3, 0.7),
        point(3, 0.6),
        point(4, 0.7),
        point(3, 0.7),
      ]),
    ).toEqual([true, false, true, false, false, true])
    expect(paretoFrontier([])).toEqual([])
  })

  it('equals the definition', () => {
    fc.assert(
      fc.property(points, (all) => {
        const expected = all.map(
          (p) =>
            !all.some(
              (q) =>
                q.sequentialMacs <= p.sequentialMacs &&
                q.top1 >= p.top1 &&
                (q.sequentialMacs < p.sequentialMacs || q.top1 > p.top1),
            ),
        )
        expect(paretoFrontier(all)).toEqual(expected)
      }),
    )
  })

  it('refuses a cost that is not finite', () => {
    expect(() => paretoFrontier([point(Number.NaN, 0.5)])).toThrow(/finite/)
  })
})

describe('frontierStability', () => {
  const resampled = (sequentialMacs: number, ...top1: number[]) => ({
    sequentialMacs,
    top1: Float32Array.from(top1),
  })

  it('is the share of resamples in which a point is on the frontier', () => {
    const table = [
      resampled(30, 0.4, 0.4, 0.4, 0.4), // dearer and worse every time
      resampled(10, 0.5, 0.5, 0.5, 0.5),
      resampled(20, 0.9, 0.5, 0.6, 0.4), // twice better than what is cheaper
      resampled(10, 0.4, 0.5, 0.6, 0.4), // of one cost with the second: once better, once equal
    ]
    expect(frontierStability(table)).toEqual([0, 0.75, 0.25, 0.5])
    expect(frontierStability(table.toReversed())).toEqual([0.5, 0.25, 0.75, 0])
    expect(frontierStability([])).toEqual([])
  })

  it('equals the frontier of each resample', () => {
    const tables = fc.array(fc.tuple(fc.nat(5), fc.array(fc.nat(5), { minLength: 3, maxLength: 3 })), {
      minLength: 1,
      maxLength: 12,
    })
    fc.assert(
      fc.property(tables, (all) => {
        const each = [0, 1, 2].map((r) =>
          paretoFrontier(all.map(([macs, top1]) => point(macs, top1[r] ?? 0))),
        )
        const shares = frontierStability(all.map(([macs, top1]) => resampled(macs, ...top1)))
        expect(shares).toEqual(all.map((_, i) => each.filter((flags) => flags[i]).length / 3))
      }),
    )
  })
})
