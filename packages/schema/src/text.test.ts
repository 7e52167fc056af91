import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BenchError } from './errors.ts'
import { checkTexts, decodeUtf8, textFault } from './text.ts'

function problemsOf(document: unknown): unknown {
  try {
    checkTexts(document, 'spec.json')
  } catch (thrown) {
    if (thrown instanceof BenchError) return { ...thrown, problems: thrown.problems }
    throw thrown
  }
  return 'accepted'
}

describe('texts of a document', () => {
  it('are any letters, signs and emoji', () => {
    for (const text of ['résumé', '训练', 'שלום', 'a-b_c (1.5 %)', '👩‍🔬', 'e\u0301']) {
      expect(textFault(text), text).toBeUndefined()
    }
  })

  it.each([
    ['a\u0000b', 'holds U+0000 (NUL) at character 2'],
    ['\u001b[31mred', 'holds U+001B (escape) at character 1'],
    ['ab\u202etxt', 'holds U+202E (bidirectional control) at character 3'],
    ['👩x\u2066', 'holds U+2066 (bidirectional control) at character 3'],
    ['x\u009b1m', 'holds U+009B (control character) at character 2'],
    ['x\u007f', 'holds U+007F (delete) at character 2'],
    ['x\r\n', 'holds U+000D (carriage return) at character 2'],
    ['x\ud800', 'holds U+D800 (half of a surrogate pair) at character 2'],
    ['\u2028', 'holds U+2028 (line separator) at character 1'],
  ])('are not %j', (text, fault) => {
    expect(textFault(text)).toBe(fault)
  })

  it('are of several lines in a description alone', () => {
    expect(problemsOf({ description: 'one\n\ttwo' })).toBe('accepted')
    expect(problemsOf({ name: 'one\ntwo' })).toMatchObject({
      code: 'bad-input',
      path: 'name',
      hint: expect.stringContaining('plain text'),
      problems: [{ path: 'name', message: 'The text holds U+000A (line feed) at character 4.' }],
    })
  })

  it('are named by their paths, however deep, and so are names of members', () => {
    const document = { model: { exits: [{ after: 'stage1' }, { after: 'a\u0007' }] }, 'b\u0000': 1 }
    expect(problemsOf(document)).toMatchObject({
      problems: [
        { path: 'model.exits[1].after', message: 'The text holds U+0007 (bell) at character 2.' },
        { path: '$', message: 'A name in it holds U+0000 (NUL) at character 2.' },
      ],
    })
  })
})

describe('bytes as text', () => {
  it('give back what was encoded, without the mark that some editors put before it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const bytes = new TextEncoder().encode(text)
        expect(decodeUtf8(bytes, 'x', { keepMark: true })).toBe(
          new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes),
        )
      }),
    )
    const marked = Uint8Array.of(0xef, 0xbb, 0xbf, 0x7b, 0x7d)
    expect(decodeUtf8(marked, 'x')).toBe('{}')
    expect(decodeUtf8(marked, 'x', { keepMark: true })).toBe('\ufeff{}')
  })

  it.each([
    [[0x61, 0xff, 0x62], 2],
    [[0x61, 0xc0, 0xae], 2],
    [[0x61, 0x62, 0xe2, 0x82], 3],
    [[0xff, 0xfe, 0x7b, 0x00], 1],
  ])('say where they are none: %j', (bytes, position) => {
    expect(() => decodeUtf8(Uint8Array.from(bytes), 'spec.json')).toThrow(
      expect.objectContaining({
        code: 'bad-input',
        message: `spec.json is not text in UTF-8: byte ${position} begins no character.`,
      }),
    )
  })
})
