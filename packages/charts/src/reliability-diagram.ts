import type { CalibrationBin } from '@mate-bench/stats'
import * as Plot from '@observablehq/plot'
import { type ChartOptions, defaultWidth, renderChart } from './chart.ts'
import { seriesColour } from './palette.ts'
import { seriesSymbol } from './symbols.ts'

export interface ReliabilitySeries {
  readonly name: string
  readonly bins: readonly CalibrationBin[]
}

/**
 * Accuracy against confidence in equal-width bins; on the diagonal, confidence says how often the classifier is
 * right. Below it, it is too sure. Marks grow with the number of images in their bin.
 *
 * Guo, Pleiss, Sun, Weinberger. On Calibration of Modern Neural Networks. ICML 2017, figure 1.
 */
export function reliabilityDiagram(series: readonly ReliabilitySeries[], options: ChartOptions): string {
  const { width = defaultWidth } = options
  const most = Math.max(1, ...series.flatMap(({ bins }) => bins.map(({ count }) => count)))
  return renderChart(options, {
    height: Math.min(width, 420) - 40,
    series: series.map(({ name }) => name),
    yLabel: '↑ right (%)',
    plot: {
      marginRight: 16,
      x: { domain: [0, 100], label: 'confidence (%) →', grid: true },
      y: { domain: [0, 100], grid: true },
      marks: [
        Plot.line(
          [
            [0, 0],
            [100, 100],
          ],
          { stroke: 'currentColor', strokeOpacity: 0.5, strokeDasharray: '4 4' },
        ),
        ...series.flatMap(({ bins }, i) => {
          const rows = bins.flatMap(({ meanConfidence, accuracy, count }) =>
            meanConfidence === null || accuracy === null
              ? []
              : [{ x: 100 * meanConfidence, y: 100 * accuracy, r: 2 + 5 * Math.sqrt(count / most), count }],
          )
          return [
            Plot.line(rows, { x: 'x', y: 'y', stroke: seriesColour(i), strokeWidth: 1.5 }),
            Plot.dot(rows, {
              x: 'x',
              y: 'y',
              r: { value: 'r', scale: null },
              symbol: seriesSymbol(i),
              fill: seriesColour(i),
              title: (row: (typeof rows)[number]) =>
                `${row.count} images: ${row.x.toFixed(1)} % sure, ${row.y.toFixed(1)} % right`,
            }),
          ]
        }),
      ],
    },
  })
}
