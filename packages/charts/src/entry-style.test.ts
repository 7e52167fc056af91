import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { entryStyles, methodColour } from './entry-style.ts'

const entries = fc.uniqueArray(
  fc.record({ id: fc.string({ minLength: 1 }), method: fc.constantFrom('joint', 'mate', 'byot', 'sdn') }),
  { selector: ({ id }) => id, maxLength: 12 },
)

describe('entryStyles', () => {
  it('does not depend on the order of a table', () => {
    fc.assert(
      fc.property(entries, (all) => {
        const [there, back] = [entryStyles(all), entryStyles([...all].reverse())]
        for (const { id } of all) expect(there.get(id)).toEqual(back.get(id))
      }),
    )
  })

  it('gives an entry the colour of its method whatever stands beside it', () => {
    fc.assert(
      fc.property(entries, (all) => {
        const styles = entryStyles(all)
        for (const { id, method } of all) expect(styles.get(id)?.colour).toBe(methodColour(method))
      }),
    )
  })

  it('looks different for each of twelve entries, also of one method', () => {
    fc.assert(
      fc.property(entries, (all) => {
        const looks = [...entryStyles(all).values()].map((style) => JSON.stringify(style))
        expect(new Set(looks).size).toBe(looks.length)
      }),
    )
  })

  it('keeps the methods that are compared most apart', () => {
    const names = ['joint', 'mate', 'sdn', 'boosted', 'byot', 'imta', 'eed', 'kd', 'dks', 'tf-kd', 'one']
    expect(new Set(names.map(methodColour)).size).toBe(names.length)
    expect(names.slice(0, 2).map(methodColour)).toEqual([0, 1])
  })
})
