import fc from 'fast-check'
import { expect, test } from 'vitest'
import { gradientEquilibrium } from './gradient-equilibrium.ts'

test('a layer gets the mean of what the exits behind it send back, whichever it is', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 1, maxLength: 12 }), (sent) => {
      const scales = gradientEquilibrium(sent.length)
      // Back from the last exit: what arrives at the node where exit k stands.
      let arriving = 0
      for (let k = sent.length - 1; k >= 0; k--) {
        const { head, onward } = scales[k] ?? { head: Number.NaN, onward: Number.NaN }
        arriving = head * (sent[k] ?? 0) + onward * arriving
        const behind = sent.slice(k)
        expect(arriving).toBeCloseTo(behind.reduce((a, b) => a + b, 0) / behind.length, 9)
      }
    }),
    { seed: 1 },
  )
})
