export { auroc } from './auroc.ts'
export {
  type CalibrationBin,
  calibrationBinCount,
  calibrationBins,
  equalMassBins,
  expectedCalibrationError,
} from './calibration.ts'
export {
  agreementMatrix,
  type ExitMetrics,
  evaluateExit,
  evaluatePredictions,
  type Overthinking,
  overthinking,
  type PredictionMetrics,
} from './metrics.ts'
export { type BudgetedPoint, budgetedCurve, budgetedRatios, fitBudgeted } from './policies/budgeted.ts'
export { applyConfidence, confidenceExits, fitConfidence } from './policies/confidence.ts'
export type { FittedSetting } from './policies/fit.ts'
export { exitHistogram, outcomeOf, type PolicyOutcome } from './policies/outcome.ts'
export {
  checkPredictionTable,
  correctness,
  type ExitPredictions,
  type PredictionTable,
  predictionsFromLogits,
} from './predictions.ts'
export { createRandom, philox4x32, type Random } from './random.ts'
