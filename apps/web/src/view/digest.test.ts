import { expect, it } from 'vitest'
import { parseDigest } from './digest.ts'

const hex = '0123456789abcdef'.repeat(4)

it('reads a digest in each form that pages, citations and addresses have', () => {
  for (const text of [hex, `sha256:${hex}`, `sha256%3A${hex}`])
    expect(parseDigest(text)).toBe(`sha256:${hex}`)
  for (const text of ['', hex.slice(1), `md5:${hex}`, hex.toUpperCase(), `${hex}0`]) {
    expect(parseDigest(text)).toBeUndefined()
  }
})
