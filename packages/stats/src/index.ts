export { auroc } from './auroc.ts'
export { boardBudgets, cheapestReaching, exitWithin } from './board/budgets.ts'
export { type ClassEntry, type CostClass, costClasses } from './board/cost-classes.ts'
export {
  type CalibrationBin,
  calibrationBinCount,
  calibrationBins,
  equalMassBins,
  expectedCalibrationError,
} from './calibration.ts'
export { compareGains } from './compare-gains.ts'
export {
  type AccuracyInterval,
  accuracyInterval,
  type CrossedComparison,
  type CrossedCounts,
  compareCrossed,
  type SeedShare,
  seedsToTellApart,
  type TrackSpread,
} from './crossed.ts'
export {
  aggregateEntry,
  aggregateVersion,
  type ClassifierResult,
  type ClassifierSummary,
  countCrossed,
  type EntryAggregate,
  type EntryRun,
  type ExitMeans,
  type ExitResult,
  type ExitSummary,
  type SelectedRuns,
  selectRuns,
} from './entry-aggregate.ts'
export { type EntryIntervals, entryIntervals, type TrackSpreads, trackSpreads } from './entry-intervals.ts'
export { frontierShares, prepareEntryResampling, resampleEntry } from './entry-resampling.ts'
export {
  type RankedAggregate,
  rankAggregates,
  type SumsAt,
  type TableEntry,
  tableEntries,
  uniqueNames,
} from './entry-table.ts'
export { type Equivalence, type EquivalenceOptions, equivalenceTest } from './equivalence.ts'
export { createFrontierCount } from './frontier-count.ts'
export { holmAdjust } from './holm.ts'
export { type ImageSums, sumOfProducts, sumOverRuns } from './image-sums.ts'
export {
  type Interval,
  type SeedSummary,
  summariseSeeds,
  wilsonInterval,
} from './intervals.ts'
export { createKnownPairs, type KnownPairs } from './known-pairs.ts'
export {
  agreementMatrix,
  type ExitMetrics,
  evaluateExit,
  evaluatePredictions,
  type Overthinking,
  overthinking,
  type PredictionMetrics,
} from './metrics.ts'
export { type CostedAccuracy, frontierStability, paretoFrontier } from './pareto.ts'
export { type BudgetedPoint, budgetedCurve, budgetedRatios, fitBudgeted } from './policies/budgeted.ts'
export { confidenceExits } from './policies/confidence.ts'
export { entropyExits } from './policies/entropy.ts'
export { type ExitRule, exitRules, type RuleSetting, ruleExits } from './policies/exit-rules.ts'
export { type FittedRule, fitRule, type RuleFit, ruleCurve } from './policies/fit-rule.ts'
export { oracleCurve } from './policies/oracle.ts'
export { exitHistogram, outcomeOf, type PolicyOutcome, type Rounding } from './policies/outcome.ts'
export { patienceExits } from './policies/patience.ts'
export {
  type ControlledRule,
  controlLoss,
  type RiskControlledPoint,
  riskControlledPoints,
  riskErrorProbability,
  riskLossBounds,
} from './policies/risk-control.ts'
export { type RiskControlledSummary, summariseRiskControl } from './policies/risk-control-summary.ts'
export { pooledCalibrationBins } from './pooled-calibration.ts'
export {
  checkPredictionTable,
  correctness,
  type ExitPredictions,
  type PredictionTable,
  predictionsFromLogits,
} from './predictions.ts'
export { createRandom, philox4x32, type Random } from './random.ts'
export {
  type Comparison,
  fewestRankedSeeds,
  type RankedEntry,
  type RankingEntry,
  rankEntries,
} from './ranking.ts'
