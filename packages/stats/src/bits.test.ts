import fc from 'fast-check'
import { expect, it } from 'vitest'
import { countBoth, packBits, popcount } from './bits.ts'

it('counts bits as a loop over them does', () => {
  const vectors = fc
    .array(fc.tuple(fc.nat(1), fc.nat(1)), { maxLength: 130 })
    .map((pairs) => [Uint8Array.from(pairs, ([a]) => a), Uint8Array.from(pairs, ([, b]) => b)] as const)
  fc.assert(
    fc.property(vectors, ([a, b]) => {
      const both = a.filter((value, i) => value === 1 && b[i] === 1).length
      expect(countBoth(packBits(a), packBits(b))).toBe(both)
    }),
  )
  expect([0, 1, 0xffffffff, -1, 0x80000001].map(popcount)).toEqual([0, 1, 32, 32, 2])
})
