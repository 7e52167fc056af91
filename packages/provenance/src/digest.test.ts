import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import { digestBytes, digestIndices, digestJson } from './digest.ts'

it('is SHA-256, as FIPS 180-4 gives it for "abc"', () => {
  expect(digestBytes(new TextEncoder().encode('abc'))).toBe(
    'sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  )
})

it('digests the canonical text of a JSON value', () => {
  const text = '{"a":1,"ö":[true]}'
  expect(digestJson({ ö: [true], a: 1 })).toBe(`sha256:${createHash('sha256').update(text).digest('hex')}`)
})

it('digests positions as little-endian uint32', () => {
  const bytes = Buffer.from('0100000000010000ffffffff', 'hex')
  expect(digestIndices(Uint32Array.of(1, 256, 0xffffffff))).toBe(
    `sha256:${createHash('sha256').update(bytes).digest('hex')}`,
  )
})
