import { describe, expect, it } from 'vitest'
import { adapterFacts, adapterText } from './adapter.ts'

const apple = {
  vendor: 'apple',
  architecture: 'common-3',
  device: 'apple-m2',
  description: 'Metal driver on macOS 15',
}
const swiftShader = {
  vendor: 'google',
  architecture: 'swiftshader',
  device: 'swiftshader-device-subzero-',
  description: 'SwiftShader driver 5.0.0',
}

describe('adapterFacts', () => {
  it('takes a GPU for hardware', () => {
    expect(adapterFacts({ ...apple, isFallbackAdapter: false })).toEqual({
      vendor: 'apple',
      architecture: 'common-3',
      device: 'apple-m2',
      driver: 'Metal driver on macOS 15',
      software: false,
    })
  })

  it.each([
    ['the driver says that it is a fallback', { ...apple, isFallbackAdapter: true }],
    ['it is SwiftShader', swiftShader],
    [
      'it is Mesa’s llvmpipe',
      { vendor: 'mesa', architecture: '', device: 'llvmpipe (LLVM 15.0.6, 256 bits)', description: '' },
    ],
    ['it is Microsoft’s WARP', { vendor: 'microsoft', architecture: 'warp', device: '', description: '' }],
  ])('takes it for software where %s', (_, info) => {
    expect(adapterFacts(info).software).toBe(true)
  })

  it('leaves nothing blank, since a manifest is read by people', () => {
    const facts = adapterFacts({ vendor: '', architecture: '', device: '', description: '' })
    expect(facts).toMatchObject({
      vendor: 'unknown',
      architecture: 'unknown',
      device: 'unknown',
      driver: 'unknown',
    })
  })

  it('says in a line what computes, and that it is no GPU', () => {
    expect(adapterText(adapterFacts(apple))).toBe('apple common-3, apple-m2, Metal driver on macOS 15')
    expect(adapterText(adapterFacts(swiftShader))).toMatch(/^google swiftshader, .*, software$/)
  })
})
