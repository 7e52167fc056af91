import type { Manifest, ProtocolName } from '@mate-bench/schema'
import {
  budgetedCurve,
  budgetedRatios,
  evaluatePredictions,
  type PredictionTable,
  type Rounding,
  riskControlledPoints,
  riskErrorProbability,
} from '@mate-bench/stats'

export type Results = Omit<Manifest['results'], 'attention'>

export interface ResultsInput {
  readonly test: PredictionTable
  /** Absent without a validation split. */
  readonly validation: PredictionTable | undefined
  readonly protocols: readonly ProtocolName[]
  /** One an exit. */
  readonly sequentialMacs: readonly number[]
  /** How the budgeted curve ranks confidences; `grid` for runs of before. @default 'exact' */
  readonly rounding?: Rounding | undefined
}

/** Every number of a manifest's results, from the two prediction tables and nothing else. */
export function computeResults(input: ResultsInput): Results {
  const { test, validation, protocols, sequentialMacs, rounding = 'exact' } = input
  const { exits, ensemble, agreement, overthinking } = evaluatePredictions(test)
  const curve =
    validation && protocols.includes('budgeted')
      ? budgetedCurve(validation, test, sequentialMacs, budgetedRatios, rounding)
      : []
  const controlled =
    validation && protocols.includes('risk-controlled')
      ? riskControlledPoints(validation, test, sequentialMacs)
      : undefined
  return {
    exits: exits.map((metrics, i) => ({ k: i + 1, ...headline(metrics) })),
    ensemble: headline(ensemble),
    validation: validation
      ? evaluatePredictions(validation).exits.map((metrics, i) => ({ k: i + 1, ...headline(metrics) }))
      : [],
    agreement: agreement.map((row) => [...row]),
    overthinking: { wasteful: overthinking.wasteful, destructive: overthinking.destructive },
    budgeted: curve.map((point) => ({
      ...point,
      thresholds: [...point.thresholds],
      exitShares: [...point.exitShares],
    })),
    ...(curve.length > 0 && rounding === 'exact' ? { budgetedConfidences: 'exact' as const } : {}),
    ...(controlled
      ? {
          riskControlled: {
            errorProbability: riskErrorProbability,
            points: controlled.map((point) => ({ ...point, exitShares: [...point.exitShares] })),
          },
        }
      : {}),
  }
}

function headline({
  top1,
  top5,
  nll,
  ece,
  auroc,
}: Manifest['results']['ensemble']): Manifest['results']['ensemble'] {
  return { top1, top5, nll, ece, auroc }
}
