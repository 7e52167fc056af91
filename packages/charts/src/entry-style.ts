import { dashCount } from './dashes.ts'
import type { SeriesStyle } from './model.ts'
import { colourCount } from './palette.ts'
import { symbolCount } from './symbols.ts'

/** So chosen that joint training and MATE have the first colours, and no colour has more than three of our methods. */
const salt = 43246

/** Marks and dash patterns that an entry of a colour may have. */
const looks = symbolCount * dashCount

/**
 * How entries look. The colour follows from the method alone, mark and dashes from the id alone, so that an entry keeps
 * its look on every page, in any order of a table and under any filter. Only where another of these entries has the same
 * look, the one with the later id has the next that is free.
 *
 * @param entries up to 50 of one method can be told apart
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
    let look = hash(id) % looks
    while (own.size < looks && own.has(look)) look = (look + 1) % looks
    own.add(look)
    styles.set(id, { colour, symbol: look % symbolCount, dash: Math.floor(look / symbolCount) })
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
