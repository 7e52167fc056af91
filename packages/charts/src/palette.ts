/**
 * Colours of series on a light surface: Okabe and Ito's palette for colour-blind readers ("Color Universal Design",
 * 2008), darkened to a contrast of 3 to white and carried on. `chart.css` has them again, with those of dark pages.
 */
const colours = [
  '#0072b2',
  '#c24f00',
  '#00805d',
  '#b0538a',
  '#2f8fc4',
  '#a87400',
  '#6a4fe0',
  '#8c2f9e',
  '#7d4e24',
  '#b3123f',
  '#5c7a00',
  '#34467f',
] as const

export const colourCount = colours.length

/** `var(--series-1)`: a page gives each theme its own shades. Beyond the last they begin again. */
export function seriesColour(index: number): string {
  return `var(--series-${(index % colours.length) + 1})`
}

/** The colour itself, for a file that no page is around. */
export function printedColour(index: number): string {
  return colours[index % colours.length] ?? colours[0]
}
