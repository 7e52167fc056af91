import type { ChartModel, ChartPoint, ChartTexts } from './model.ts'

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

export interface LearningChartOptions extends ChartTexts {
  /** What the accuracy is measured on, such as `validation`. */
  readonly split: string
}

/** Accuracy over epochs: a line an exit, a band from the lowest to the highest seed. */
export function learningChart(
  curves: readonly LearningCurve[],
  { id, title, description, split }: LearningChartOptions,
): ChartModel {
  const last = Math.max(1, ...curves.flatMap(({ points }) => points.map(({ epoch }) => epoch)))
  return {
    ...{ id, title, description },
    x: { label: 'epoch', unit: 'epoch', format: 'whole', domain: [Math.min(1, last - 1), last] },
    y: { label: `${split} top-1 (%)`, errorLabel: `${split} top-1 error (%)`, format: 'percent' },
    series: curves.map(({ name, points }, i) => ({
      ...{ key: name, name, colour: i, symbol: i },
      ...{ interval: 'band' as const, marks: 'last' as const },
      points: points.map(
        ({ epoch, top1, lowest, highest }): ChartPoint =>
          lowest === highest ? [epoch, top1] : [epoch, top1, lowest, highest],
      ),
    })),
  }
}
