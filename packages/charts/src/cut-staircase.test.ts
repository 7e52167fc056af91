import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cutStaircase } from './cut-staircase.ts'

const steps = [
  { x: 1, y: 10 },
  { x: 3, y: 20 },
  { x: 5, y: 30 },
]

describe('cutStaircase', () => {
  it('goes level, then up, and on to the right edge', () => {
    expect(cutStaircase(steps, [0, 9], [0, 40])).toEqual([
      { x: 1, y: 10 },
      { x: 3, y: 10 },
      { x: 3, y: 20 },
      { x: 5, y: 20 },
      { x: 5, y: 30 },
      { x: 9, y: 30 },
    ])
  })

  it('begins at the left edge on the step that it comes from, and ends at the top', () => {
    expect(cutStaircase(steps, [2, 9], [0, 25])).toEqual([
      { x: 2, y: 10 },
      { x: 3, y: 10 },
      { x: 3, y: 20 },
      { x: 5, y: 20 },
      { x: 5, y: 25 },
    ])
  })

  it('comes from below where it enters there', () => {
    expect(cutStaircase(steps, [0, 9], [15, 40])[0]).toEqual({ x: 3, y: 15 })
    expect(cutStaircase([{ x: 2, y: 1 }], [0, 9], [5, 10])).toEqual([])
    expect(cutStaircase([], [0, 9], [5, 10])).toEqual([])
  })

  it('never leaves the frame, and never falls', () => {
    const rising = fc
      .array(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 })), { maxLength: 6 })
      .map((rises) => {
        const sum = (upTo: number, part: 0 | 1) =>
          rises.slice(0, upTo + 1).reduce((all, rise) => all + rise[part], 0)
        return rises.map((_, i) => ({ x: sum(i, 0), y: sum(i, 1) }))
      })
    const domain = fc
      .tuple(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 1, max: 20 }))
      .map(([low, size]): [number, number] => [low, low + size])
    fc.assert(
      fc.property(rising, domain, domain, (all, xs, ys) => {
        const line = cutStaircase(all, xs, ys)
        for (const [i, { x, y }] of line.entries()) {
          expect(x >= xs[0] && x <= xs[1] && y >= ys[0] && y <= ys[1]).toBe(true)
          const before = line[i - 1]
          if (before) expect(x >= before.x && y >= before.y).toBe(true)
        }
      }),
    )
  })
})
