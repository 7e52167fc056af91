/**
 * Colours of series on a light surface. They begin as Okabe and Ito's palette for colour-blind readers ("Color Universal
 * Design", 2008); the others were searched for so that any two differ in hue or lightness for readers of every colour
 * vision, with a contrast of 3 to the surface. `chart.css` has them again, with those of dark pages.
 */
const colours = [
  '#0072b2',
  '#c24f00',
  '#05564d',
  '#dd6e96',
  '#0c98f0',
  '#816342',
  '#6a4fe0',
  '#742572',
  '#ba884f',
  '#78002f',
  '#484101',
  '#37288e',
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
