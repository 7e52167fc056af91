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
  const run = (right: number) => Uint8Array.from({ length: 100 }, (_, i) => (i < right ? 1 : 0))
  const options = { seed: 1, resamples: 300 }

  it('is 1 for what is always on the frontier and 0 for what never is', () => {
    const shares = frontierStability(
      [
        { entry: 'b', sequentialMacs: 30, runs: [run(40)] }, // dearer and worse on every image
        { entry: 'a', sequentialMacs: 10, runs: [run(50)] },
        { entry: 'a', sequentialMacs: 20, runs: [run(90)] },
      ],
      options,
    )
    expect(shares).toEqual([0, 1, 1])
  })

  it('is in between for points that are hardly apart', () => {
    // Equal cost, and each right on 50 images, on different halves.
    const first = run(50)
    const second = first.map((value) => 1 - value)
    const [a = 0, b = 0] = frontierStability(
      [
        { entry: 'a', sequentialMacs: 10, runs: [first] },
        { entry: 'b', sequentialMacs: 10, runs: [second] },
      ],
      options,
    )
    expect(a).toBeGreaterThan(0.35)
    expect(b).toBeGreaterThan(0.35)
    // Each resample has a winner, or both tie.
    expect(a + b).toBeGreaterThanOrEqual(1)
  })

  it('draws the same seeds for the exits of one entry', () => {
    // The dearer exit is better by one image in each run, whichever seed is drawn, while seeds differ widely.
    const [, dearer] = frontierStability(
      [
        { entry: 'a', sequentialMacs: 10, runs: [run(20), run(80)] },
        { entry: 'a', sequentialMacs: 20, runs: [run(40), run(99)] },
      ],
      options,
    )
    expect(dearer).toBe(1)
  })
})
