import type { CalibrationBin } from '@mate-bench/stats'
import type { ChartModel, ChartTexts, SeriesModel } from './model.ts'

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
export function reliabilityChart(
  series: readonly ReliabilitySeries[],
  { id, title, description }: ChartTexts,
): ChartModel {
  const most = Math.max(1, ...series.flatMap(({ bins }) => bins.map(({ count }) => count)))
  return {
    ...{ id, title, description },
    x: { label: 'confidence (%)', unit: 'sure', format: 'percent', domain: [0, 1] },
    y: { label: 'right (%)', unit: 'right', format: 'percent', domain: [0, 1] },
    series: series.map(({ name, bins }, i): SeriesModel => {
      const filled = bins.flatMap(({ meanConfidence, accuracy, count }) =>
        meanConfidence === null || accuracy === null ? [] : [{ x: meanConfidence, y: accuracy, count }],
      )
      return {
        ...{ key: name, name, colour: i, symbol: i },
        points: filled.map(({ x, y }) => [x, y]),
        labels: filled.map(({ count }) => `${count} images`),
        sizes: filled.map(({ count }) => 0.4 + Math.sqrt(count / most)),
      }
    }),
    guides: [
      {
        kind: 'line',
        points: [
          [0, 0],
          [1, 1],
        ],
      },
    ],
  }
}
