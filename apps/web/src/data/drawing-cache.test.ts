import { describe, expect, it } from 'vitest'
import { keepDrawing } from './drawing-cache.ts'

describe('keepDrawing', () => {
  it('draws once what has one key, and forgets what nobody asks for', () => {
    let drawn = 0
    const draw = () => `drawing ${++drawn}`
    expect(keepDrawing('a', draw)).toBe('drawing 1')
    expect(keepDrawing('a', draw)).toBe('drawing 1')
    for (let i = 0; i < 500; i++) keepDrawing(`other ${i}`, () => 'other')
    expect(keepDrawing('a', draw)).toBe('drawing 2')
  })
})
