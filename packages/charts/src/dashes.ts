/** Dash patterns of lines, a solid one first: with a mark and a colour they tell series apart in print too. */
const patterns = ['', '7 3', '2 3', '9 3 2 3', '9 3 2 3 2 3'] as const

export const dashCount = patterns.length

/** As `stroke-dasharray` has it; empty for a solid line. */
export function dashPattern(dash = 0): string {
  return patterns[dash % patterns.length] ?? ''
}

/** The attribute of a line, with a space before it where there is one. */
export function dashAttribute(dash?: number): string {
  const pattern = dashPattern(dash)
  return pattern && ` stroke-dasharray="${pattern}"`
}
