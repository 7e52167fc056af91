import { BenchError } from '@mate-bench/schema'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkPredictionTable, correctness, predictionsFromLogits } from './predictions.ts'

const log = Math.log
const sizes = fc.record({
  exits: fc.integer({ min: 1, max: 4 }),
  images: fc.integer({ min: 1, max: 12 }),
  classes: fc.integer({ min: 1, max: 7 }),
})
/** Random logits and labels; coarse logits, so that ties occur. */
const cases = sizes.chain(({ exits, images, classes }) =>
  fc.record({
    classes: fc.constant(classes),
    labels: fc
      .array(fc.nat(classes - 1), { minLength: images, maxLength: images })
      .map((values) => Int32Array.from(values)),
    logits: fc.array(
      fc
        .array(fc.integer({ min: -60, max: 60 }), {
          minLength: images * classes,
          maxLength: images * classes,
        })
        .map((values) => Float32Array.from(values, (value) => value / 4)),
      { minLength: exits, maxLength: exits },
    ),
  }),
)

describe('predictionsFromLogits', () => {
  it('gives the values worked by hand for two exits and three classes', () => {
    // Softmax of [ln 1, ln 2, ln 5] is [1, 2, 5] / 8; of [ln 6, ln 1, ln 1] it is [6, 1, 1] / 8.
    const table = predictionsFromLogits(
      [Float32Array.of(log(1), log(2), log(5)), Float32Array.of(log(6), log(1), log(1))],
      Int32Array.of(1),
      3,
    )
    const [first, second] = table.exits
    expect(first?.predicted[0]).toBe(2)
    expect(first?.confidence[0]).toBeCloseTo(5 / 8, 6)
    expect(first?.labelLogProbability[0]).toBeCloseTo(log(2 / 8), 6)
    expect(first?.labelRank[0]).toBe(1)
    const entropy = -(1 / 8) * log(1 / 8) - (2 / 8) * log(2 / 8) - (5 / 8) * log(5 / 8)
    expect(first?.entropy[0]).toBeCloseTo(entropy, 6)
    // The label ties with class 2 at 1/8 and stands before it.
    expect(second?.labelRank[0]).toBe(1)
    // The ensemble's probabilities are [7, 3, 6] / 16.
    expect(table.ensemble.predicted[0]).toBe(0)
    expect(table.ensemble.confidence[0]).toBeCloseTo(7 / 16, 6)
    expect(table.ensemble.labelRank[0]).toBe(2)
    expect(table.ensemble.labelLogProbability[0]).toBeCloseTo(log(3 / 16), 6)
  })

  it('breaks ties towards the lower class', () => {
    const { exits } = predictionsFromLogits([new Float32Array(4 * 4)], Int32Array.of(0, 1, 2, 3), 4)
    expect([...(exits[0]?.predicted ?? [])]).toEqual([0, 0, 0, 0])
    expect([...(exits[0]?.labelRank ?? [])]).toEqual([0, 1, 2, 3])
    expect(exits[0]?.entropy[0]).toBeCloseTo(log(4), 6)
  })

  it('stays finite where probabilities underflow', () => {
    const table = predictionsFromLogits(
      [Float32Array.of(3e4, -3e4), Float32Array.of(2e4, -2e4)],
      Int32Array.of(1),
      2,
    )
    expect(table.exits[0]?.labelLogProbability[0]).toBe(-6e4)
    expect(table.exits[0]?.entropy[0]).toBe(0)
    // The mean is half of the larger probability, exp(-4e4).
    expect(table.ensemble.labelLogProbability[0]).toBeCloseTo(-4e4 - log(2), 1)
    expect(table.ensemble.confidence[0]).toBe(1)
  })

  it('keeps every value in its range and the label at rank 0 exactly when it is predicted', () => {
    fc.assert(
      fc.property(cases, ({ logits, labels, classes }) => {
        const table = predictionsFromLogits(logits, labels, classes)
        for (const part of [...table.exits, table.ensemble]) {
          labels.forEach((label, i) => {
            const confidence = part.confidence[i] ?? Number.NaN
            const entropy = part.entropy[i] ?? Number.NaN
            const labelLog = part.labelLogProbability[i] ?? Number.NaN
            expect(confidence).toBeGreaterThanOrEqual(1 / classes - 1e-6)
            expect(confidence).toBeLessThanOrEqual(1)
            expect(entropy).toBeGreaterThanOrEqual(0)
            expect(entropy).toBeLessThanOrEqual(log(classes) + 1e-6)
            expect(labelLog).toBeLessThanOrEqual(log(confidence) + 1e-6)
            expect(part.labelRank[i] === 0).toBe(part.predicted[i] === label)
          })
          checkPredictionTable(table)
        }
      }),
      { numRuns: 100 },
    )
  })

  it('gives an ensemble of one exit the predictions of that exit', () => {
    fc.assert(
      fc.property(cases, ({ logits, labels, classes }) => {
        const { exits, ensemble } = predictionsFromLogits(logits.slice(0, 1), labels, classes)
        expect(ensemble.predicted).toEqual(exits[0]?.predicted)
        labels.forEach((_, i) => {
          expect(ensemble.entropy[i]).toBeCloseTo(exits[0]?.entropy[i] ?? Number.NaN, 5)
          expect(ensemble.labelLogProbability[i]).toBeCloseTo(
            exits[0]?.labelLogProbability[i] ?? Number.NaN,
            5,
          )
        })
      }),
      { numRuns: 50 },
    )
  })

  it('refuses what does not fit, with the place', () => {
    const refusal = (call: () => unknown) => {
      try {
        call()
      } catch (thrown) {
        if (thrown instanceof BenchError) return `${thrown.code} at ${thrown.path}`
      }
      return 'accepted'
    }
    const labels = Int32Array.of(0, 1)
    expect(refusal(() => predictionsFromLogits([], labels, 2))).toBe('bad-input at logitsPerExit')
    expect(refusal(() => predictionsFromLogits([new Float32Array(3)], labels, 2))).toBe(
      'bad-input at logitsPerExit[0]',
    )
    expect(refusal(() => predictionsFromLogits([new Float32Array(2)], labels, 1))).toBe(
      'bad-input at labels[1]',
    )
    for (const broken of [Number.NaN, Infinity, -Infinity])
      expect(refusal(() => predictionsFromLogits([Float32Array.of(0, 1, broken, 0)], labels, 2))).toBe(
        'non-finite at logitsPerExit[0] image 1',
      )
    const table = predictionsFromLogits([new Float32Array(4)], labels, 2)
    expect(refusal(() => checkPredictionTable({ ...table, labels: new Int32Array(3) }))).toBe(
      'bad-input at exits[0].predicted',
    )
    expect(refusal(() => checkPredictionTable({ ...table, labels: new Int32Array(0) }))).toBe(
      'bad-input at labels',
    )
    const unmeasured = { ...table.ensemble, entropy: Float32Array.of(0.5, Number.NaN) }
    expect(refusal(() => checkPredictionTable({ ...table, ensemble: unmeasured }))).toBe(
      'non-finite at ensemble.entropy[1]',
    )
  })
})

describe('correctness', () => {
  it('marks the images whose label came first', () => {
    const { exits } = predictionsFromLogits([Float32Array.of(1, 0, 1, 0)], Int32Array.of(0, 1), 2)
    expect(exits.map(correctness)).toEqual([Uint8Array.of(1, 0)])
  })
})
