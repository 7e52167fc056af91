import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dashPattern } from './dashes.ts'
import { entryStyles, methodColour } from './entry-style.ts'
import { printedColour } from './palette.ts'
import { symbolPath } from './symbols.ts'

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

  it('looks different for each entry that a chart draws, also where all are of one method', () => {
    fc.assert(
      fc.property(entries, fc.boolean(), (all, ofOne) => {
        const styles = [...entryStyles(ofOne ? all.map(({ id }) => ({ id, method: 'mate' })) : all).values()]
        const drawn = styles.map(({ colour, symbol, dash }) =>
          [printedColour(colour), symbolPath(symbol, 64), dashPattern(dash)].join(' '),
        )
        expect(new Set(drawn).size).toBe(drawn.length)
      }),
    )
  })

  it('keeps its look when others are filtered out, unless it had to make room for one of them', () => {
    fc.assert(
      fc.property(entries, (all) => {
        const [whole, alone] = [entryStyles(all), all.map((entry) => entryStyles([entry]).get(entry.id))]
        const moved = all.filter(({ id }, i) => JSON.stringify(whole.get(id)) !== JSON.stringify(alone[i]))
        for (const { id, method } of moved) {
          const own = JSON.stringify(alone[all.findIndex((entry) => entry.id === id)])
          const holder = all.find((other) => other.id < id && JSON.stringify(whole.get(other.id)) === own)
          expect(holder && methodColour(holder.method)).toBe(methodColour(method))
        }
      }),
    )
  })

  it('keeps the methods that are compared most apart', () => {
    const names = ['joint', 'mate', 'sdn', 'boosted', 'byot', 'imta', 'eed', 'kd', 'dks', 'tf-kd', 'one']
    expect(new Set(names.map(methodColour)).size).toBe(names.length)
    expect(names.slice(0, 2).map(methodColour)).toEqual([0, 1])
  })
})
