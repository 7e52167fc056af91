export {
  type AccuracyAgainstMacsOptions,
  accuracyAgainstMacs,
  type CostedPoint,
  type EntrySeries,
  type ExitPoint,
  type PublishedPoint,
} from './accuracy-against-macs.ts'
export { shortSi } from './axis.ts'
export {
  type BudgetedChartPoint,
  type BudgetedCurveOptions,
  type BudgetedSeries,
  budgetedCurve,
} from './budgeted-curve.ts'
export type { ChartOptions } from './chart.ts'
export { type ExitSharesOptions, type ExitSharesPoint, exitShares } from './exit-shares.ts'
export {
  type CurvePoint,
  type LearningCurve,
  type LearningCurvesOptions,
  learningCurves,
} from './learning-curves.ts'
export { seriesColour } from './palette.ts'
export { type ReliabilitySeries, reliabilityDiagram } from './reliability-diagram.ts'
export { aloneSymbol, seriesSymbol, symbolPath } from './symbols.ts'
