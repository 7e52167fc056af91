import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ChartView } from '../model.ts'
import { readView, writeView } from './address.ts'

const views = fc.record(
  {
    range: fc.tuple(fc.integer({ min: 1, max: 900 }), fc.integer({ min: 1000, max: 9999 })),
    linear: fc.constant(true as const),
    error: fc.constant(true as const),
    plain: fc.constant(true as const),
    hidden: fc.array(fc.constantFrom('entry_1', 'trained alone', 'a=b&c#d'), { minLength: 1 }),
  },
  { requiredKeys: [] },
)

describe('a view in an address', () => {
  it('is read as it was written, beside that of another chart', () => {
    fc.assert(
      fc.property(views, views, (one, other) => {
        const hash = writeView(writeView('', 'board', one as ChartView), 'shares', other as ChartView)
        expect(readView(hash, 'board')).toEqual(one)
        expect(readView(hash, 'shares')).toEqual(other)
      }),
    )
  })

  it('is gone when nothing is chosen, and leaves other fragments alone', () => {
    expect(writeView('#board.axis=linear', 'board', {})).toBe('')
    expect(writeView('#runs', 'board', { linear: true })).toBe('#runs&board.axis=linear')
    expect(writeView('#runs&board.axis=linear', 'board', {})).toBe('#runs')
  })

  it.each(['#board.x=1', '#board.x=5..2', '#board.x=a..b', '#board.x=', '#board.axis=odd', '#%E0%A4%A'])(
    'is the usual one where %s says nothing that can be understood',
    (hash) => {
      expect(readView(hash, 'board')).toEqual({})
    },
  )
})
