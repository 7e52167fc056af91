/**
 * Computes what follows from an object alone once, and keeps it as long as the object: a track's table is one object for each
 * version of the data.
 */
export function onceOf<Whole extends object, Part>(compute: (whole: Whole) => Part): (whole: Whole) => Part {
  const kept = new WeakMap<Whole, { readonly part: Part }>()
  return (whole) => {
    const found = kept.get(whole) ?? { part: compute(whole) }
    kept.set(whole, found)
    return found.part
  }
}
