import { expect, it } from 'vitest'
import { type GlossaryTerm, glossary } from './glossary.ts'

const terms: readonly GlossaryTerm[] = glossary

it('is in alphabetical order, each term once, in sentences short enough for a tooltip', () => {
  const names = terms.map(({ term }) => term.toLowerCase())
  expect(names).toEqual([...new Set(names)].sort())
  expect(new Set(terms.map(({ id }) => id)).size).toBe(terms.length)
  for (const { id, text } of terms) {
    expect(text.length, id).toBeLessThan(160)
    expect(text, id).toMatch(/^[A-Z][^\n]*\.$/)
  }
})
