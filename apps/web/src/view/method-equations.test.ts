import { methods } from '@mate-bench/methods'
import katex from 'katex'
import { describe, expect, it } from 'vitest'
import { methodEquations } from './method-equations.ts'
import { schemaOptions } from './schema-options.ts'

describe('methodEquations', () => {
  it('has the loss of every method, and of no other', () => {
    expect(Object.keys(methodEquations).sort()).toEqual(methods.map(({ name }) => name).sort())
  })

  it.each(Object.entries(methodEquations))('%s can be set', (_, equations) => {
    for (const tex of equations) {
      const html = katex.renderToString(tex, { displayMode: true, throwOnError: true, strict: 'error' })
      expect(html).toContain('<math')
    }
  })
})

describe('schemaOptions', () => {
  it('has a description for every option of every method, and a default for all but who teaches', () => {
    const given = new Set(['teacher', 'teacher.spec', 'teacher.specDigest'])
    for (const { name, options } of methods) {
      for (const option of schemaOptions(options)) {
        expect(option.description, `${name}.${option.name}`).not.toBe('')
        if (given.has(option.name) && !['tolerant-teacher', 'tf-kd'].includes(name)) continue
        expect(option.defaultValue, `${name}.${option.name}`).toBeDefined()
      }
    }
  })

  it('says what is allowed in words', () => {
    const mate = methods.find(({ name }) => name === 'mate')
    if (!mate) throw new Error('MATE is a method')
    const rows = new Map(schemaOptions(mate.options).map((row) => [row.name, row]))
    expect(rows.get('primaryWeight')).toMatchObject({
      defaultValue: '0.5',
      allowed: 'number, at least 0, at most 1',
    })
    expect(rows.get('keyDimension')?.allowed).toBe('whole number, at least 1, at most 4096 or null')
    expect(rows.has('name')).toBe(false)
  })
})
