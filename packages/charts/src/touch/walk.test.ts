import { describe, expect, it } from 'vitest'
import { accuracyChart, type EntrySeries } from '../accuracy-chart.ts'
import { pointText } from '../value-text.ts'
import { nearestStop, nextStop, stopsOf } from './walk.ts'
import { brushed, zoomed } from './zoom.ts'

const entry = (id: string, macs: readonly number[], start: number, seeds = 3): EntrySeries => ({
  ...{ id, name: id, method: id, seeds },
  exits: macs.map((cost, i) => {
    const top1 = start + 0.05 * i
    return { k: i + 1, macs: cost, top1, lower: top1 - 0.01, upper: top1 + 0.01 }
  }),
})

const model = accuracyChart([entry('a', [1e6, 1e7, 1e8], 0.5), entry('b', [2e6, 9e7], 0.6, 1)], {
  ...{ id: 'chart', title: 'A title', description: 'A description' },
  faint: [entry('grey', [5e6], 0.4)],
  others: [{ macs: 3e6, top1: 0.45 }],
})
const stops = stopsOf(model, {})
const names = (list = stops) => list.map(({ series, index }) => `${series.key}${index + 1}`)

describe('the points of a chart', () => {
  it('are walked entry by entry, from the cheapest exit on, without those of nobody', () => {
    expect(names()).toEqual(['a1', 'a2', 'a3', 'b1', 'b2', 'grey1'])
    expect([0, 1, 2, 3, 4, 5].map((at) => nextStop(stops, at, 'ArrowRight'))).toEqual([1, 2, 3, 4, 5, 5])
    expect(nextStop(stops, 0, 'ArrowLeft')).toBe(0)
    expect(nextStop(stops, 3, 'End')).toBe(5)
    expect(nextStop(stops, 3, 'x')).toBeUndefined()
  })

  it('lead up and down to the nearest cost of the entry beside', () => {
    const to = (at: string, key: string) => names()[nextStop(stops, names().indexOf(at), key) ?? -1]
    expect(to('a3', 'ArrowDown')).toBe('b2')
    expect(to('b1', 'ArrowUp')).toBe('a1')
    expect(to('a1', 'ArrowUp')).toBe('a1')
  })

  it('are found under a pointer, and only within reach', () => {
    const size = { width: 800, height: 300 }
    const { left = 0, top = 0 } = stops[4] ?? {}
    expect(nearestStop(stops, { left: 800 * left + 5, top: 300 * top - 5 }, size)).toBe(4)
    expect(nearestStop(stops, { left: 5, top: 5 }, size)).toBeUndefined()
  })

  it('say whose they are, what they reach, what that costs, and what it rests on', () => {
    const [a, b] = model.series
    expect(a && pointText(model, a, 1)).toEqual([
      'a, exit 2',
      '55.0\u202f% [54.0, 56.0]',
      '10\u202fM MACs',
      '3 seeds',
    ])
    expect(b && pointText(model, b, 0, { error: true })).toEqual([
      'b, exit 1',
      '40.0\u202f% error [39.0, 41.0]',
      '2\u202fM MACs',
      '1 seed',
    ])
  })
})

describe('zooming', () => {
  it('shows what was brushed, from either side', () => {
    const view = brushed(model, {}, 0, 0.5)
    expect(view).toEqual(brushed(model, {}, 0.5, 0))
    expect(names(stopsOf(model, view))).toEqual(['a1', 'a2', 'b1', 'grey1'])
    // Half of a half is a quarter.
    const [from, to] = brushed(model, view, 0.5, 1).range ?? []
    const [low, high] = view.range ?? []
    expect(from).toBeCloseTo(Math.sqrt((low ?? 0) * (high ?? 0)), 0)
    expect(to).toBeCloseTo(high ?? 0, 0)
  })

  it('takes a click for no brush', () => {
    expect(brushed(model, {}, 0.5, 0.505)).toEqual({})
  })

  it('keeps the point that it goes towards, and out again shows everything', () => {
    const { left = 0 } = stops[1] ?? {}
    const closer = zoomed(model, {}, 0.5, left)
    expect(
      stopsOf(model, closer).find(({ series, index }) => series.key === 'a' && index === 1)?.left,
    ).toBeCloseTo(left, 6)
    expect(zoomed(model, closer, 2, left)).toEqual({})
    expect(zoomed(model, {}, 2)).toEqual({})
  })
})
