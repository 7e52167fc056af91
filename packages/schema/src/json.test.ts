import { describe, expect, it } from 'vitest'
import { parseJson } from './json.ts'

const refusal = (text: string): string => {
  try {
    parseJson(text, 'spec.json')
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : String(thrown)
  }
  return 'accepted'
}

describe('parseJson', () => {
  it('reads what JSON.parse reads', () => {
    const value = { a: [1, 'x"}{', { b: null }], 'ü\\"': true }
    expect(parseJson(JSON.stringify(value), 'spec.json')).toEqual(value)
  })

  it('says the line and column of a syntax error', () => {
    expect(refusal('{\n  "a": 1,\n  "b": oops\n}')).toMatch(
      /spec\.json is not valid JSON at line 3, column \d+/,
    )
  })

  it('refuses NaN with a hint', () => {
    expect(() => parseJson('{"a": NaN}', 'spec.json')).toThrow(
      expect.objectContaining({ code: 'bad-input', hint: expect.stringContaining('no NaN') }),
    )
  })

  it('refuses more than 1 MB, by bytes and not by characters', () => {
    expect(refusal(`"${'ü'.repeat(500_001)}"`)).toMatch(/is 1000004 bytes long/)
    expect(refusal(`"${'u'.repeat(500_001)}"`)).toBe('accepted')
  })

  it('refuses deep nesting before parsing it', () => {
    expect(refusal(`${'['.repeat(33)}${']'.repeat(33)}`)).toMatch(
      /nests deeper than 32 levels at line 1, column 33/,
    )
    expect(refusal(`${'['.repeat(32)}${']'.repeat(32)}`)).toBe('accepted')
    expect(refusal('['.repeat(900_000))).toMatch(/nests deeper/)
    expect(refusal(`{"a": "${'['.repeat(50)}"}`)).toBe('accepted')
  })

  it.each(['__proto__', 'constructor', 'prototype', '\\u005f_proto__'])('refuses the key %s', (key) => {
    expect(refusal(`{"a": {"${key}": {"polluted": true}}}`)).toMatch(/which is not allowed/)
    expect(Reflect.get({}, 'polluted')).toBeUndefined()
  })

  it('reads as many keys as a megabyte holds, each on a line of its own', () => {
    // Finding the line of every key would read a hundred thousand texts of a megabyte.
    const keys = Array.from({ length: 90_000 }, (_, i) => `"${i.toString(36)}": 1`)
    const text = `{\n${keys.join(',\n')}\n}`
    expect(text.length).toBeGreaterThan(900_000)
    expect(Object.keys(parseJson(text, 'spec.json') as object)).toHaveLength(90_000)
    expect(refusal(text.replace('"1": 1', '"0": 1'))).toMatch(/twice in one object at line 3, column 1/)
  })

  it('does not repeat what a terminal would obey', () => {
    expect(refusal('{"a\\u001b[31m": 1, "a\\u001b[31m": 2}')).toMatch(/the key "a\ufffd\[31m" twice/)
  })

  it('does not repeat a long key', () => {
    const key = 'k'.repeat(400_000)
    expect(refusal(`{"${key}": 1, "${key}": 2}`).length).toBeLessThan(200)
  })

  it('refuses a key that stands twice in one object, and only there', () => {
    expect(refusal('{"a": 1,\n "a": 2}')).toBe(
      'spec.json holds the key "a" twice in one object at line 2, column 2.',
    )
    expect(refusal('[{"a": 1}, {"a": {"a": "a"}}]')).toBe('accepted')
  })
})
