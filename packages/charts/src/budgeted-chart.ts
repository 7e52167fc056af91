import type { ChartModel, ChartPoint, ChartTexts } from './model.ts'

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

/**
 * Accuracy when easy images leave early, against the average cost of an image: a line a run. Beside it the exits
 * alone, where every image leaves at the same one.
 *
 * @param runs lines without marks
 * @param exits marks without a line
 */
export function budgetedChart(
  runs: readonly BudgetedSeries[],
  exits: BudgetedSeries,
  { id, title, description }: ChartTexts,
): ChartModel {
  const pointsOf = ({ points }: BudgetedSeries) =>
    points.map(({ averageMacs, accuracy }): ChartPoint => [averageMacs, accuracy])
  return {
    ...{ id, title, description },
    x: { label: 'average MACs per image', unit: 'MACs', format: 'si' },
    y: { label: 'top-1 accuracy (%)', errorLabel: 'top-1 error (%)', format: 'percent' },
    series: [
      ...runs.map((run, i) => ({
        ...{ key: run.name, name: run.name, colour: i, symbol: i, dash: i },
        marks: 'none' as const,
        points: pointsOf(run),
      })),
      {
        ...{ key: exits.name, name: exits.name, colour: runs.length, symbol: runs.length },
        kind: 'marks',
        labels: exits.points.map((_, k) => `exit ${k + 1}`),
        points: pointsOf(exits),
      },
    ],
  }
}
