import type { SeriesStyle } from './model.ts'
import { colourCount } from './palette.ts'
import { symbolCount } from './symbols.ts'

/** So chosen that joint training and MATE have the first colours, and no colour has more than three of our methods. */
const salt = 43246

/**
 * Colours and marks of entries. The colour follows from the method alone, so it is the same on every page and in any
 * order of a table. Entries of one method differ by mark and dashes: the mark follows from the id, moved on where
 * another of these entries has it already.
 *
 * @returns by id
 */
export function entryStyles(
  entries: readonly { readonly id: string; readonly method: string }[],
): ReadonlyMap<string, SeriesStyle> {
  const taken = new Map<number, Set<number>>()
  const styles = new Map<string, SeriesStyle>()
  for (const { id, method } of [...entries].sort((a, b) => (a.id < b.id ? -1 : 1))) {
    if (styles.has(id)) continue
    const colour = methodColour(method)
    const own = taken.get(colour) ?? new Set()
    taken.set(colour, own)
    // Past the last mark they begin again: of so many entries of one method, the legend's highlight tells.
    const dash = own.size
    let symbol = hash(id) % symbolCount
    while (own.size < symbolCount && own.has(symbol)) symbol = (symbol + 1) % symbolCount
    own.add(symbol)
    styles.set(id, { colour, symbol, dash })
  }
  return styles
}

/** Which colour of the palette a method has, everywhere. */
export function methodColour(method: string): number {
  return hash(`${salt}${method}`) % colourCount
}

/** FNV-1a with a final mix, 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193)
  value ^= value >>> 15
  value = Math.imul(value, 0x2c1b3c6d)
  value ^= value >>> 12
  return value >>> 0
}
