import { methods } from '@mate-bench/methods'
import { describe, expect, it } from 'vitest'
import { methodOptionList } from './method-option-list.ts'

describe('methodOptionList', () => {
  it.each(methods.map((method) => [method.name, method] as const))(
    '%s: every option has a type, a default and a description',
    (_, method) => {
      for (const option of methodOptionList(method)) {
        expect(option.type).not.toMatch(/^any/)
        expect(option.default).not.toBeUndefined()
        expect(option.description.length).toBeGreaterThan(10)
      }
    },
  )

  it('says ranges and choices', () => {
    const mate = methods.find(({ name }) => name === 'mate')
    const options = new Map((mate ? methodOptionList(mate) : []).map(({ name, type }) => [name, type]))
    expect(options.get('primaryWeight')).toBe('number >= 0, <= 1')
    expect(options.get('teacherGradient')).toBe('"full" | "weights" | "none"')
    expect(options.has('name')).toBe(false)
  })
})
