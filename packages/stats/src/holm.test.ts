import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { holmAdjust } from './holm.ts'

describe('holmAdjust', () => {
  it('has the values worked by hand', () => {
    expect([...holmAdjust([0.01, 0.04, 0.03, 0.005])]).toEqual([0.03, 0.06, 0.06, 0.02])
    expect([...holmAdjust([0.6, 0.5])]).toEqual([1, 1])
    expect([...holmAdjust([])]).toEqual([])
  })

  it('counts those of the family that are not given as 1', () => {
    const pValue = fc.double({ min: 0, max: 1, noNaN: true })
    fc.assert(
      fc.property(fc.array(pValue, { maxLength: 20 }), fc.nat(40), (values, further) => {
        const whole = holmAdjust([...values, ...new Array<number>(further).fill(1)])
        expect(holmAdjust(values, values.length + further)).toEqual(whole.slice(0, values.length))
      }),
    )
  })

  it('never lowers a p-value, keeps their order, and lies within Bonferroni', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 20 }), (values) => {
        const adjusted = holmAdjust(values)
        values.forEach((p, i) => {
          expect(adjusted[i]).toBeGreaterThanOrEqual(p)
          expect(adjusted[i]).toBeLessThanOrEqual(Math.min(1, p * values.length))
          values.forEach((q, j) => {
            if (p < q) expect(adjusted[i]).toBeLessThanOrEqual(adjusted[j] ?? Number.NaN)
          })
        })
      }),
    )
  })
})
