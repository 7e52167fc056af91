import { describe, expect, it } from 'vitest'
import { createPainter, wantsColour } from './paint.ts'

describe('wantsColour', () => {
  it.each([
    [{ isTTY: true }, {}, true],
    [{ isTTY: false }, {}, false],
    [{}, {}, false],
    [{ isTTY: true }, { NO_COLOR: '1' }, false],
    [{ isTTY: true }, { NO_COLOR: '' }, true],
    [{ isTTY: true }, { TERM: 'dumb' }, false],
    [{ isTTY: false }, { FORCE_COLOR: '1' }, true],
    [{ isTTY: true }, { FORCE_COLOR: '0' }, false],
    [{ isTTY: true }, { NO_COLOR: '1', FORCE_COLOR: '1' }, false],
  ])('%o with %o: %s', (stream, env, wanted) => {
    expect(wantsColour(stream, env)).toBe(wanted)
  })

  it('leaves text as it is where there is no colour', () => {
    expect(createPainter({ isTTY: false }, {})('red', 'text')).toBe('text')
  })
})
