import { BenchError } from '@mate-bench/schema'
import { describe, expect, it } from 'vitest'
import { decodeIdxPair, encodeIdx } from './idx.ts'

const pair = { images: 'images', labels: 'labels', count: 2 }
const pixels = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12)

function decode(images: Uint8Array, labels: Uint8Array) {
  return decodeIdxPair(new Map(Object.entries({ images, labels })), pair, [2, 3], 10)
}

describe('IDX', () => {
  it('writes the header of the format: magic, then big-endian dimensions', () => {
    expect([...encodeIdx([2, 2, 3], pixels).subarray(0, 16)]).toEqual([
      0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 3,
    ])
  })

  it('reads back images and labels', () => {
    const set = decode(encodeIdx([2, 2, 3], pixels), encodeIdx([2], Uint8Array.of(9, 0)))
    expect(set).toEqual({ images: pixels, labels: Uint8Array.of(9, 0) })
  })

  it.each([
    ['another magic number', encodeIdx([12], pixels), 'IDX header 0x00000803'],
    ['other dimensions', encodeIdx([2, 3, 2], pixels), '2 x 3 x 2, expected 2 x 2 x 3'],
    ['a missing byte', encodeIdx([2, 2, 3], pixels.subarray(1)), '27 bytes, its header announces 28'],
    ['a header cut short', Uint8Array.of(0, 0, 8), 'IDX header'],
  ])('refuses %s', (_, images, why) => {
    const attempt = () => decode(images, encodeIdx([2], Uint8Array.of(0, 1)))
    expect(attempt).toThrow(BenchError)
    expect(attempt).toThrow(why)
  })

  it('refuses a label that is no class, and names the image', () => {
    const labels = encodeIdx([2], Uint8Array.of(3, 10))
    expect(() => decode(encodeIdx([2, 2, 3], pixels), labels)).toThrow('label 10 of image 1')
  })

  it('refuses an absent file', () => {
    expect(() => decodeIdxPair(new Map(), pair, [2, 3], 10)).toThrow('not among the files')
  })
})
