/**
 * Colours of series: Okabe and Ito's palette for colour-blind readers ("Color Universal Design", 2008), reordered.
 * Each is a CSS variable with a fallback, so that a page may give each theme its own shades.
 */
const colours = [
  '#0072b2',
  '#d55e00',
  '#009e73',
  '#cc79a7',
  '#56b4e9',
  '#e69f00',
  '#785ef0',
  '#7f7f7f',
] as const

/** `var(--series-1, #0072b2)`; series beyond the eighth begin again, with another mark (`seriesSymbol`). */
export function seriesColour(index: number): string {
  const i = index % colours.length
  return `var(--series-${i + 1}, ${colours[i]})`
}
