import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { calibrationBins, equalMassBins, expectedCalibrationError } from './calibration.ts'

const answers = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 20 }), fc.boolean()), { minLength: 1, maxLength: 80 })
  .map((pairs) => ({
    confidence: Float32Array.from(pairs, ([c]) => c / 20),
    correct: Uint8Array.from(pairs, ([, right]) => (right ? 1 : 0)),
  }))

describe('calibrationBins', () => {
  it('gives the error worked by hand', () => {
    // Two bins: (0, 0.5] holds 0.25 wrong and 0.5 right; (0.5, 1] holds 0.75 right and 1 right.
    const confidence = Float32Array.of(0.25, 0.5, 0.75, 1)
    const bins = calibrationBins(confidence, Uint8Array.of(0, 1, 1, 1), 2)
    expect(bins).toEqual([
      { lower: 0, upper: 0.5, count: 2, meanConfidence: 0.375, accuracy: 0.5 },
      { lower: 0.5, upper: 1, count: 2, meanConfidence: 0.875, accuracy: 1 },
    ])
    expect(expectedCalibrationError(bins)).toBe(0.125)
  })

  it('puts a confidence on an edge into the lower bin, and 0 into the first', () => {
    const confidence = Float32Array.of(0, 0.25, 0.5, 0.75, 1)
    const counts = calibrationBins(confidence, new Uint8Array(5), 4).map(({ count }) => count)
    expect(counts).toEqual([2, 1, 1, 1])
  })

  it('decides edges on the float32 value that is stored', () => {
    // The float32 nearest to 0.2 is above 3/15, so it belongs to the fourth bin.
    const counts = calibrationBins(Float32Array.of(0.2), Uint8Array.of(1)).map(({ count }) => count)
    expect(Math.fround(0.2)).toBeGreaterThan(3 / 15)
    expect(counts.indexOf(1)).toBe(3)
  })

  it('leaves empty bins without means', () => {
    expect(calibrationBins(Float32Array.of(0.9), Uint8Array.of(1), 2)[0]).toEqual({
      lower: 0,
      upper: 0.5,
      count: 0,
      meanConfidence: null,
      accuracy: null,
    })
  })
})

describe('equalMassBins', () => {
  it('splits distinct confidences evenly', () => {
    const confidence = Float32Array.of(0.875, 0.25, 0.5, 0.625, 0.75, 0.375)
    const bins = equalMassBins(confidence, Uint8Array.of(1, 0, 0, 1, 1, 0), 3)
    expect(bins).toEqual([
      { lower: 0.25, upper: 0.375, count: 2, meanConfidence: 0.3125, accuracy: 0 },
      { lower: 0.5, upper: 0.625, count: 2, meanConfidence: 0.5625, accuracy: 0.5 },
      { lower: 0.75, upper: 0.875, count: 2, meanConfidence: 0.8125, accuracy: 1 },
    ])
    expect(expectedCalibrationError(bins)).toBeCloseTo((0.3125 + 0.0625 + 0.1875) / 3, 12)
  })

  it('keeps equal confidences together', () => {
    const bins = equalMassBins(new Float32Array(10).fill(1), Uint8Array.of(1, 1, 1, 1, 1, 1, 1, 1, 0, 0))
    expect(bins).toEqual([{ lower: 1, upper: 1, count: 10, meanConfidence: 1, accuracy: 0.8 }])
  })
})

describe('expectedCalibrationError', () => {
  it('is in [0, 1], counts every image, and does not depend on their order', () => {
    fc.assert(
      fc.property(answers, ({ confidence, correct }) => {
        for (const binning of [calibrationBins, equalMassBins]) {
          const bins = binning(confidence, correct)
          const error = expectedCalibrationError(bins)
          expect(bins.reduce((sum, { count }) => sum + count, 0)).toBe(confidence.length)
          expect(error).toBeGreaterThanOrEqual(0)
          expect(error).toBeLessThanOrEqual(1)
          const reversed = binning(confidence.toReversed(), correct.toReversed())
          expect(expectedCalibrationError(reversed)).toBeCloseTo(error, 12)
        }
      }),
    )
  })

  it('is 0 where every bin is as right as it says, and 1 where it is surely wrong', () => {
    const half = new Float32Array(4).fill(0.5)
    expect(expectedCalibrationError(calibrationBins(half, Uint8Array.of(1, 0, 0, 1)))).toBe(0)
    const sure = new Float32Array(4).fill(1)
    expect(expectedCalibrationError(calibrationBins(sure, new Uint8Array(4)))).toBe(1)
  })
})
