export {
  type AccuracyChartOptions,
  accuracyChart,
  type CostedPoint,
  type EntrySeries,
  type ExitPoint,
  mostColoured,
  type PublishedPoint,
} from './accuracy-chart.ts'
export { type BestOverTime, type BestSince, bestOverTimeChart } from './best-over-time-chart.ts'
export { type BudgetedChartPoint, type BudgetedSeries, budgetedChart } from './budgeted-chart.ts'
export { type ChartFileOptions, chartFile } from './chart-file.ts'
export { chartMarkup, legendMark } from './chart-markup.ts'
export {
  type DifferenceChartOptions,
  type DifferenceRow,
  type DrawnDifference,
  differenceChart,
} from './difference-chart.ts'
export { entryStyles, methodColour } from './entry-style.ts'
export { type ExitSharesPoint, exitSharesChart } from './exit-shares-chart.ts'
export { type Frontier, type FrontierMark, frontiersChart } from './frontiers-chart.ts'
export {
  type CurvePoint,
  type LearningChartOptions,
  type LearningCurve,
  learningChart,
} from './learning-chart.ts'
export type {
  AxisModel,
  ChartModel,
  ChartPoint,
  ChartTexts,
  ChartView,
  GuideModel,
  SeriesModel,
  SeriesStyle,
} from './model.ts'
export { seriesColour } from './palette.ts'
export { type ReliabilitySeries, reliabilityChart } from './reliability-chart.ts'
export { symbolPath } from './symbols.ts'
export { thinDots } from './thin-dots.ts'
