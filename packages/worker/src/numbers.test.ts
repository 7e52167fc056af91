import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bytes, duration, integer, percent, plural, si } from './numbers.ts'

describe('si', () => {
  it.each([
    [0, '0'],
    [740, '740'],
    [999.6, '1.00 k'],
    [12_345_678, '12.3 M'],
    [999_950, '1.00 M'],
    [1_814_073_344, '1.81 G'],
    [23.2e15, '23.2 P'],
  ])('%d is %s', (value, text) => {
    expect(si(value)).toBe(text)
  })

  it('is within half a percent of the value', () => {
    const factors: Record<string, number> = { k: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15 }
    fc.assert(
      fc.property(fc.double({ min: 1, max: 9e17, noNaN: true }), (value) => {
        const [digits, suffix = ''] = si(value).split(' ')
        const back = Number(digits) * (factors[suffix] ?? 1)
        expect(Math.abs(back - value) / value).toBeLessThanOrEqual(0.005 + 1e-9)
      }),
    )
  })
})

describe('numbers for people', () => {
  it('writes percent, bytes and counts', () => {
    expect(percent(0.8125)).toBe('81.25 %')
    expect(percent(0.8125, 1)).toBe('81.3 %')
    expect(bytes(168_513_733)).toBe('169 MB')
    expect(bytes(12)).toBe('12 B')
    expect(integer(5400)).toBe('5,400')
    expect(plural(1, 'run')).toBe('1 run')
    expect(plural(1200, 'run')).toBe('1,200 runs')
  })

  it.each([
    [0.2, '1 s'],
    [59.5, '1 min 0 s'],
    [95, '1 min 35 s'],
    [3600 * 5 + 59, '5 h 0 min'],
    [3600 * 50, '2 d 2 h'],
  ])('%d seconds are %s', (seconds, text) => {
    expect(duration(seconds)).toBe(text)
  })
})
