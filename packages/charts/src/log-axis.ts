import * as Plot from '@observablehq/plot'
import { logTicks, shortSi } from './axis.ts'

/**
 * The bottom axis of costs. A mark of its own: of a logarithmic scale's own axis d3 leaves out labels, such as that of
 * 5M between 2M and 10M.
 */
export function logAxis([from, to]: readonly [number, number], most: number, label: string): Plot.Markish {
  return Plot.axisX(logTicks(from, to, most), { text: (tick: number) => shortSi(tick), label })
}
