import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  decimal,
  integer,
  intervalText,
  type Medium,
  meanText,
  numbersIn,
  pEquationText,
  percent,
  plural,
  pValueText,
  scientific,
  seedsText,
  shortPercent,
  signedDecimal,
  signedInterval,
  signedPercent,
  significant,
} from './numbers.ts'

/** What is written, and how it reads. */
type Case = readonly [written: string, reads: string]

describe('numbers, the same everywhere', () => {
  it.each<Case>([
    [integer(5400), '5,400'],
    [integer(-1_234_567), '−1,234,567'],
    [decimal(0.5, 3), '0.500'],
    [decimal(-0.0004, 3), '0.000'],
    [decimal(-1.25, 1), '−1.3'],
    [signedDecimal(0.25, 2), '+0.25'],
    [signedDecimal(-0.25, 2), '−0.25'],
    [signedDecimal(0.0001, 2), '0.00'],
    [significant(0.5, 3), '0.5'],
    [significant(29.14, 2), '29'],
    [scientific(0), '0'],
    [scientific(0.000000123), '1.2e-7'],
    [percent(0.8125), '81.25'],
    [percent(0.8125, 1), '81.3'],
    [shortPercent(0.005), '0.5'],
    [shortPercent(-0.02), '−2'],
    [signedPercent(0.01234), '+1.23'],
    [signedPercent(-0.005), '−0.50'],
    [signedPercent(-0.00001), '0.00'],
    [intervalText({ lower: 0.791, upper: 0.832 }), '[79.10, 83.20]'],
    [intervalText({ lower: 0.791, upper: 0.832 }, 1), '[79.1, 83.2]'],
    [signedInterval({ lower: -0.011, upper: 0.0026 }), '[−1.10, +0.26]'],
    [meanText({ mean: 0.8125, sd: 0.0041 }), '81.25 ± 0.41'],
    [meanText({ mean: 0.8125, sd: null }), '81.25'],
    [pValueText(0.25), '0.250'],
    [pValueText(1), '1.000'],
    [pValueText(0.0004), '< 0.001'],
    [pEquationText(0.0131), 'p = 0.013'],
    [pEquationText(0), 'p < 0.001'],
    [plural(1, 'run'), '1 run'],
    [plural(1200, 'run'), '1,200 runs'],
    [plural(2, 'entry', 'entries'), '2 entries'],
    [seedsText([3]), 'seed 3'],
    [seedsText([1, 2]), 'seeds 1, 2'],
  ])('%s', (written, reads) => {
    expect(written).toBe(reads)
  })
})

describe('numbers with units', () => {
  const cases = (medium: Medium) => {
    const { bytes, duration, percentText, quantity, shortSi, si } = numbersIn(medium)
    return [
      quantity('0.31', 's'),
      percentText(0.8125),
      percentText(0.5, 0),
      ...[0, 740, 999.6, 12_345_678, 999_950, 1_814_073_344, 23.2e15].map(si),
      ...[999, 20_000, 1_500_000, 10_000_000, 3e9].map(shortSi),
      ...[12, 168_513_733].map(bytes),
      ...[0.2, 59.5, 95, 3600 * 5 + 59, 3600 * 50].map(duration),
    ]
  }
  // ~ stands for the space before a unit.
  const expected = [
    '0.31~s',
    '81.25~%',
    '50~%',
    ...['0', '740', '1.00~k', '12.3~M', '1.00~M', '1.81~G', '23.2~P'],
    ...['999', '20~k', '1.5~M', '10~M', '3~G'],
    ...['12~B', '169~MB'],
    ...['1~s', '1~min 0~s', '1~min 35~s', '5~h 0~min', '2~d 2~h'],
  ]

  it('have a narrow space on pages, which no line breaks at', () => {
    expect(cases('page')).toEqual(expected.map((text) => text.replaceAll('~', '\u202f')))
  })

  it('have a space that every font has in terminals and badges', () => {
    expect(cases('plain')).toEqual(expected.map((text) => text.replaceAll('~', ' ')))
  })

  it("have TeX's narrow space in LaTeX, and its percent sign", () => {
    expect(cases('latex')).toEqual(expected.map((text) => text.replaceAll('~', '\\,').replace('%', '\\%')))
  })

  it('are within half a percent of the value', () => {
    const { si } = numbersIn('plain')
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
