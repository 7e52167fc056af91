import fc from 'fast-check'
import { expect, it } from 'vitest'
import { packCorrect, unpackCorrect } from './correct-bits.ts'

it('packs the first image into the lowest bit', () => {
  expect(packCorrect(Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 1, 0, 1))).toEqual(Uint8Array.of(0b1000_0001, 0b10))
})

it('unpacks what it packed', () => {
  fc.assert(
    fc.property(fc.uint8Array({ max: 1, maxLength: 200 }), (correct) => {
      const packed = packCorrect(correct)
      expect(packed).toHaveLength(Math.ceil(correct.length / 8))
      expect(unpackCorrect(packed, correct.length)).toEqual(correct)
    }),
  )
})
