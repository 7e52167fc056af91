import { createRandom } from '@mate-bench/stats'
import { expect, it } from 'vitest'
import { mostDots, thinDots } from './thin-dots.ts'

/** Exits that cost one of a few sums, or one of any. */
function cloud(count: number, costs = Number.POSITIVE_INFINITY) {
  const random = createRandom(1, 'dots')
  return Array.from({ length: count }, () => {
    const place = random.uniform()
    const cost = Number.isFinite(costs) ? Math.floor(costs * place) / costs : place
    return { macs: 10 ** (6 + 3 * cost), top1: 0.3 + 0.6 * random.uniform() }
  })
}

const nearest = (dots: readonly { macs: number; top1: number }[], macs: number, top1: number) =>
  Math.min(...dots.map((dot) => Math.hypot(Math.log10(dot.macs / macs) / 3, (dot.top1 - top1) / 0.6)))

it('keeps every dot that can be told from others', () => {
  const points = cloud(20, 20)
  expect(thinDots(points)).toHaveLength(20)
})

it('keeps dots that would lie on one another once', () => {
  const points = Array.from({ length: 2000 }, (_, i) => ({ macs: 1e6 + i, top1: 0.5 + 1e-6 * i }))
  expect(thinDots(points).length).toBeLessThan(8)
})

it.each([27, Number.POSITIVE_INFINITY])(
  'keeps a bounded number of dots of %d costs, and one near each that it leaves out',
  (costs) => {
    const points = cloud(30_000, costs)
    const dots = thinDots(points)
    expect(dots.length).toBeLessThanOrEqual(mostDots)
    expect(dots.length).toBeGreaterThan(mostDots / 2)
    for (const { macs, top1 } of points.slice(0, 200)) expect(nearest(dots, macs, top1)).toBeLessThan(0.1)
  },
)

it('keeps points that were there, whatever their order', () => {
  const points = cloud(5000)
  const dots = thinDots(points)
  expect(thinDots(points.toReversed())).toEqual(dots)
  for (const { macs, top1 } of dots) expect(nearest(points, macs, top1)).toBeLessThan(0.002)
})
