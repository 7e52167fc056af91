import * as Plot from '@observablehq/plot'
import { type ChartOptions, defaultWidth, renderChart } from './chart.ts'
import { logAxis } from './log-axis.ts'
import { seriesColour } from './palette.ts'

/** Where images leave at one average cost. */
export interface ExitSharesPoint {
  readonly averageMacs: number
  /** [K], sums to 1. */
  readonly shares: readonly number[]
}

export interface ExitSharesOptions extends ChartOptions {
  readonly unit?: 'macs' | 'flops'
}

/** Which share of the images leaves at each exit, stacked, against the average cost of an image. */
export function exitShares(points: readonly ExitSharesPoint[], options: ExitSharesOptions): string {
  const { unit = 'macs', width = defaultWidth } = options
  const factor = unit === 'flops' ? 2 : 1
  const ordered = [...points].sort((a, b) => a.averageMacs - b.averageMacs)
  const costs = ordered.map(({ averageMacs }) => factor * averageMacs)
  const domain: [number, number] = [costs[0] ?? 1, costs.at(-1) ?? 10]
  const exits = ordered[0]?.shares.length ?? 0
  const below = (shares: readonly number[], k: number) =>
    100 * shares.slice(0, k).reduce((sum, share) => sum + share, 0)
  return renderChart(options, {
    height: 260,
    series: Array.from({ length: exits }, (_, k) => `exit ${k + 1}`),
    yLabel: '↑ images that leave at the exit (%)',
    plot: {
      marginRight: 20,
      x: { type: 'log', domain },
      y: { domain: [0, 100] },
      marks: [
        logAxis(domain, width < 600 ? 5 : 9, `average ${unit === 'flops' ? 'FLOPs' : 'MACs'} per image →`),
        ...Array.from({ length: exits }, (_, k) =>
          Plot.areaY(
            ordered.map(({ averageMacs, shares }) => ({
              x: factor * averageMacs,
              low: below(shares, k),
              high: below(shares, k + 1),
            })),
            { x: 'x', y1: 'low', y2: 'high', fill: seriesColour(k), fillOpacity: 0.75 },
          ),
        ),
      ],
    },
  })
}
