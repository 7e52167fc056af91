import { describe, expect, it } from 'vitest'
import { evaluatePredictions } from './metrics.ts'
import type { ExitPredictions, PredictionTable } from './predictions.ts'

/** Predictions of an exit by class; the confidence is 0.75 throughout, so is the label's probability when right. */
function exitOf(predicted: number[], labels: number[], ranks?: number[]): ExitPredictions {
  const right = predicted.map((p, i) => p === labels[i])
  return {
    predicted: Int32Array.from(predicted),
    confidence: Float32Array.from(predicted, () => 0.75),
    labelLogProbability: Float32Array.from(right, (hit) => Math.log(hit ? 0.75 : 0.05)),
    labelRank: Int32Array.from(right, (hit, i) => (hit ? 0 : (ranks?.[i] ?? 1))),
    entropy: new Float32Array(predicted.length),
  }
}

const labels = [0, 1, 2, 3]
const table: PredictionTable = {
  labels: Int32Array.from(labels),
  classes: 10,
  exits: [
    exitOf([0, 1, 9, 9], labels, [0, 0, 4, 5]), // right on images 0 and 1
    exitOf([0, 9, 2, 9], labels), // right on 0 and 2
    exitOf([0, 9, 9, 9], labels), // right on 0
  ],
  ensemble: exitOf([0, 1, 2, 3], labels),
}

describe('evaluatePredictions', () => {
  const metrics = evaluatePredictions(table)

  it('measures each exit', () => {
    const [first] = metrics.exits
    expect(first?.top1).toBe(0.5)
    // Ranks 0, 0 and 4 are among the first five, rank 5 is not.
    expect(first?.top5).toBe(0.75)
    expect(first?.nll).toBeCloseTo(-(Math.log(0.75) + Math.log(0.05)) / 2, 6)
    expect(first?.ece).toBe(0.25)
    expect(first?.eceEqualMass).toBe(0.25)
    expect(first?.auroc).toBe(0.5)
    expect(metrics.exits.map(({ top1 }) => top1)).toEqual([0.5, 0.5, 0.25])
  })

  it('measures the ensemble, with no AUROC when nothing is wrong', () => {
    expect(metrics.ensemble.top1).toBe(1)
    expect(metrics.ensemble.auroc).toBeNull()
  })

  it('counts on how many images two exits agree', () => {
    expect(metrics.agreement).toEqual([
      [1, 0.5, 0.75],
      [0.5, 1, 0.75],
      [0.75, 0.75, 1],
    ])
  })

  it('counts what deeper exits waste and destroy', () => {
    expect(metrics.overthinking).toEqual({
      cumulativeCorrect: [0.5, 0.75, 0.75],
      wasteful: 0.75, // images 0, 1 and 2 are right before the last exit
      destructive: 0.5, // images 1 and 2 are lost by the last exit
      destructiveShareOfErrors: 2 / 3,
    })
  })

  it('has nothing to waste with one exit, and no share of errors without errors', () => {
    const single = evaluatePredictions({ ...table, exits: [table.ensemble] })
    expect(single.overthinking).toEqual({
      cumulativeCorrect: [1],
      wasteful: 0,
      destructive: 0,
      destructiveShareOfErrors: null,
    })
    expect(single.agreement).toEqual([[1]])
  })

  it('gives numbers that JSON holds', () => {
    expect(JSON.parse(JSON.stringify(metrics))).toEqual(metrics)
  })
})
