/**
 * Holm's step-down correction: adjusted p-values that may be compared with the level as they are, with the
 * chance of any false rejection held at that level.
 *
 * Holm, "A Simple Sequentially Rejective Multiple Test Procedure", Scand. J. Statistics 6, 1979.
 *
 * @param family how many p-values are adjusted together; those beyond the ones given count as 1. Default: those given
 * @returns adjusted p-values in the order given, each at most 1
 */
export function holmAdjust(pValues: ArrayLike<number>, family = pValues.length): Float64Array {
  const count = Math.max(family, pValues.length)
  // Equal p-values get one adjusted value: the largest factor, of the first of them, leads.
  const adjusted = new Map<number, number>()
  let largest = 0
  Float64Array.from(pValues)
    .sort()
    .forEach((p, position) => {
      if (adjusted.has(p)) return
      largest = Math.max(largest, Math.min(1, (count - position) * p))
      adjusted.set(p, largest)
    })
  return Float64Array.from(pValues, (p) => adjusted.get(p) as number)
}
