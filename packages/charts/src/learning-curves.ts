import * as Plot from '@observablehq/plot'
import { shareDomain } from './axis.ts'
import { type ChartOptions, defaultWidth, renderChart } from './chart.ts'
import { seriesColour } from './palette.ts'
import { seriesSymbol } from './symbols.ts'

export interface CurvePoint {
  /** 1-based. */
  readonly epoch: number
  /** Share in [0, 1]: mean over seeds, and the least and the largest of them. */
  readonly top1: number
  readonly lowest: number
  readonly highest: number
}

export interface LearningCurve {
  readonly name: string
  readonly points: readonly CurvePoint[]
}

export interface LearningCurvesOptions extends ChartOptions {
  /** What the accuracy is measured on, such as `validation`. */
  readonly split: string
}

/** Accuracy over epochs: a line an exit, a band from the lowest to the highest seed. */
export function learningCurves(curves: readonly LearningCurve[], options: LearningCurvesOptions): string {
  const { width = defaultWidth, split } = options
  const points = curves.flatMap((curve) => curve.points)
  const last = Math.max(1, ...points.map(({ epoch }) => epoch))
  return renderChart(options, {
    height: 300,
    series: curves.map(({ name }) => name),
    yLabel: `↑ ${split} top-1 (%)`,
    plot: {
      marginRight: 16,
      x: {
        domain: [Math.min(1, last - 1), last],
        ticks: wholeTicks(last, width < 600 ? 5 : 10),
        tickFormat: 'd',
        label: 'epoch →',
      },
      y: {
        domain: shareDomain(points.flatMap(({ lowest, highest }) => [lowest, highest])).map(
          (share) => 100 * share,
        ),
        transform: (share: number) => 100 * share,
        grid: true,
      },
      marks: curves.flatMap(({ points: rows }, i) => [
        Plot.areaY(rows, {
          x: 'epoch',
          y1: 'lowest',
          y2: 'highest',
          fill: seriesColour(i),
          fillOpacity: 0.12,
        }),
        Plot.line(rows, { x: 'epoch', y: 'top1', stroke: seriesColour(i), strokeWidth: 2 }),
        Plot.dot(rows.slice(-1), {
          x: 'epoch',
          y: 'top1',
          symbol: seriesSymbol(i),
          r: 4,
          fill: seriesColour(i),
        }),
      ]),
    },
  })
}

/** At most `most` round epochs; never a half one. */
function wholeTicks(last: number, most: number): number[] {
  const step = [1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1000].find((size) => last / size <= most) ?? 2000
  return Array.from({ length: Math.floor(last / step) }, (_, i) => (i + 1) * step)
}
