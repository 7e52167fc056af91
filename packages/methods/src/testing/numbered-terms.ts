/** `ce` and three numbers give `ce1`, `ce2`, `ce3`, as a method names its terms. */
export function numberedTerms(prefix: string, values: readonly number[]): Record<string, number> {
  return Object.fromEntries(values.map((value, index) => [`${prefix}${index + 1}`, value]))
}
