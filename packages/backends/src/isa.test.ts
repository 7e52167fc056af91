import { describe, expect, it } from 'vitest'
import { effectiveIsa, widestIsa } from './isa.ts'

const zen4 = new Set('sse4_1 avx fma avx2 avx512f avx512dq avx512bw avx512vl avx512_vnni'.split(' '))

describe('widestIsa', () => {
  it.each([
    ['sse2', undefined],
    ['sse4_1', 'sse41'],
    ['sse4_1 avx', 'avx'],
    // AVX2 without FMA: no processor that a library has kernels for.
    ['sse4_1 avx avx2', 'avx'],
    ['sse4_1 avx avx2 fma', 'avx2'],
    // Knights Landing has AVX-512 without the parts for bytes and words.
    ['sse4_1 avx avx2 fma avx512f avx512cd', 'avx2'],
  ])('of a machine with %s is %s', (flags, widest) => {
    expect(widestIsa(new Set(flags.split(' ')))).toBe(widest)
  })

  it('is AVX-512 where all of its parts are there', () => {
    expect(widestIsa(zen4)).toBe('avx512_core')
  })
})

describe('effectiveIsa', () => {
  it('is never wider than the machine, and never wider than asked', () => {
    expect(effectiveIsa('avx2', 'avx512_core')).toBe('avx2')
    expect(effectiveIsa('avx512_core', 'avx2')).toBe('avx2')
    expect(effectiveIsa(undefined, 'avx2')).toBe('avx2')
  })
})
