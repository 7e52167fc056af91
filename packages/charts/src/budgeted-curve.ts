import * as Plot from '@observablehq/plot'
import { logDomain, shareDomain, shortSi } from './axis.ts'
import { type ChartOptions, defaultWidth, renderChart } from './chart.ts'
import { logAxis } from './log-axis.ts'
import { seriesColour } from './palette.ts'
import { seriesSymbol } from './symbols.ts'

/** One setting of the thresholds. */
export interface BudgetedChartPoint {
  /** Mean sequential multiply-accumulates an image, above 0. */
  readonly averageMacs: number
  /** Share in [0, 1]. */
  readonly accuracy: number
}

export interface BudgetedSeries {
  readonly name: string
  /** In ascending order of cost. */
  readonly points: readonly BudgetedChartPoint[]
}

export interface BudgetedCurveOptions extends ChartOptions {
  readonly unit?: 'macs' | 'flops'
}

/**
 * Accuracy when easy images leave early, against the average cost of an image: a line a run. Beside it the exits
 * alone, where every image leaves at the same one.
 *
 * @param runs lines without marks
 * @param exits marks without a line
 */
export function budgetedCurve(
  runs: readonly BudgetedSeries[],
  exits: BudgetedSeries,
  options: BudgetedCurveOptions,
): string {
  const { unit = 'macs', width = defaultWidth } = options
  const factor = unit === 'flops' ? 2 : 1
  const all = [...runs, exits].flatMap(({ points }) => points)
  const xDomain = logDomain(all.map(({ averageMacs }) => factor * averageMacs))
  const rowsOf = ({ points }: BudgetedSeries) =>
    points.map(({ averageMacs, accuracy }) => ({ x: factor * averageMacs, y: accuracy }))
  const exitRows = rowsOf(exits)
  return renderChart(options, {
    height: 300,
    series: [...runs, exits].map(({ name }) => name),
    yLabel: '↑ top-1 accuracy (%)',
    plot: {
      marginRight: 20,
      x: { type: 'log', domain: xDomain },
      y: {
        domain: shareDomain(all.map(({ accuracy }) => accuracy)).map((share) => 100 * share),
        transform: (share: number) => 100 * share,
        grid: true,
      },
      marks: [
        logAxis(xDomain, width < 600 ? 5 : 9, `average ${unit === 'flops' ? 'FLOPs' : 'MACs'} per image →`),
        ...runs.map((series, i) =>
          Plot.line(rowsOf(series), { x: 'x', y: 'y', stroke: seriesColour(i), strokeWidth: 2 }),
        ),
        Plot.dot(exitRows, {
          x: 'x',
          y: 'y',
          r: 5,
          symbol: seriesSymbol(runs.length),
          fill: seriesColour(runs.length),
          stroke: 'var(--chart-surface, white)',
          title: (row: (typeof exitRows)[number]) =>
            `all at one exit\n${(100 * row.y).toFixed(1)} % at ${shortSi(row.x)}`,
        }),
      ],
    },
  })
}
