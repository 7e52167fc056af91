/** Everything that is measured on a prediction table with every exit answering every image. */

import { auroc } from './auroc.ts'
import { calibrationBins, equalMassBins, expectedCalibrationError } from './calibration.ts'
import {
  checkPredictionTable,
  correctness,
  type ExitPredictions,
  type PredictionTable,
} from './predictions.ts'

/** One classifier on a split. Shares are fractions in [0, 1], never percentages. */
export interface ExitMetrics {
  readonly top1: number
  /** Share of images whose label is among the five first classes (1 where there are at most five). */
  readonly top5: number
  /** Mean negative log-likelihood of the label, in nats. */
  readonly nll: number
  /** Expected calibration error over 15 bins of equal width, (lower, upper]. */
  readonly ece: number
  /** The same over 15 bins of equal mass. */
  readonly eceEqualMass: number
  /** Area under the ROC curve of confidence against correctness; null when all are right or all wrong. */
  readonly auroc: number | null
}

/**
 * What deeper exits waste and destroy. Kaya, Hong, Dumitras, "Shallow-Deep Networks: Understanding and
 * Mitigating Network Overthinking", ICML 2019, section 4 (https://arxiv.org/abs/1810.07052).
 */
export interface Overthinking {
  /** For exit k: share of images that exit k or an earlier one gets right. Never falls with k. */
  readonly cumulativeCorrect: readonly number[]
  /** Wasteful: share of images that an exit before the last already gets right. 0 for one exit. */
  readonly wasteful: number
  /** Destructive: share of images that an earlier exit gets right and the last gets wrong. */
  readonly destructive: number
  /** Destructive images as a share of the last exit's errors, as the paper states it; null without errors. */
  readonly destructiveShareOfErrors: number | null
}

export interface PredictionMetrics {
  readonly exits: readonly ExitMetrics[]
  readonly ensemble: ExitMetrics
  /** [K, K]: share of images on which two exits predict the same class; symmetric, 1 on the diagonal. */
  readonly agreement: readonly (readonly number[])[]
  readonly overthinking: Overthinking
}

/** Metrics of one classifier over N >= 1 images. */
export function evaluateExit(predictions: ExitPredictions): ExitMetrics {
  const count = predictions.labelRank.length
  const correct = correctness(predictions)
  let top1 = 0
  let top5 = 0
  let logLikelihood = 0
  predictions.labelRank.forEach((rank, i) => {
    if (rank === 0) top1++
    if (rank < 5) top5++
    logLikelihood += predictions.labelLogProbability[i] as number
  })
  return {
    top1: top1 / count,
    top5: top5 / count,
    // 0 minus keeps a perfect classifier's NLL at 0 rather than -0, which JSON could not hold.
    nll: 0 - logLikelihood / count,
    ece: expectedCalibrationError(calibrationBins(predictions.confidence, correct)),
    eceEqualMass: expectedCalibrationError(equalMassBins(predictions.confidence, correct)),
    auroc: auroc(predictions.confidence, correct),
  }
}

/** [K, K] share of images on which exits i and j predict the same class. */
export function agreementMatrix(exits: readonly ExitPredictions[]): number[][] {
  return exits.map((a) =>
    exits.map((b) => {
      let same = 0
      a.predicted.forEach((predicted, i) => {
        if (predicted === b.predicted[i]) same++
      })
      return same / a.predicted.length
    }),
  )
}

/** The wasteful and the destructive effect over K exits, shallowest first. */
export function overthinking(exits: readonly ExitPredictions[]): Overthinking {
  const count = exits[0]?.labelRank.length ?? 0
  const seenCorrect = new Uint8Array(count)
  const cumulative: number[] = []
  let cumulativeCount = 0
  let beforeLast = 0
  let destructive = 0
  let errors = 0
  exits.forEach((exit, k) => {
    const isLast = k === exits.length - 1
    if (isLast) beforeLast = cumulativeCount
    exit.labelRank.forEach((rank, i) => {
      if (rank !== 0) {
        if (!isLast) return
        errors++
        destructive += seenCorrect[i] as number
      } else if (seenCorrect[i] === 0) {
        seenCorrect[i] = 1
        cumulativeCount++
      }
    })
    cumulative.push(cumulativeCount / count)
  })
  return {
    cumulativeCorrect: cumulative,
    wasteful: beforeLast / count,
    destructive: destructive / count,
    destructiveShareOfErrors: errors === 0 ? null : destructive / errors,
  }
}

/**
 * Every anytime number of a run, from its predictions and nothing else.
 *
 * @throws BenchError `bad-input` for a table without images or exits, or with arrays of unequal length
 */
export function evaluatePredictions(table: PredictionTable): PredictionMetrics {
  checkPredictionTable(table)
  return {
    exits: table.exits.map(evaluateExit),
    ensemble: evaluateExit(table.ensemble),
    agreement: agreementMatrix(table.exits),
    overthinking: overthinking(table.exits),
  }
}
