import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { auroc } from './auroc.ts'

/** Counts all pairs of a right and a wrong answer, as the definition says. */
function bruteForce(score: Float32Array, correct: Uint8Array): number | null {
  let pairs = 0
  let wins = 0
  score.forEach((right, i) => {
    score.forEach((wrong, j) => {
      if (correct[i] !== 1 || correct[j] !== 0) return
      pairs++
      wins += right > wrong ? 1 : right === wrong ? 0.5 : 0
    })
  })
  return pairs === 0 ? null : wins / pairs
}

const answers = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 12 }), fc.boolean()), { maxLength: 60 })
  .map((pairs) => ({
    score: Float32Array.from(pairs, ([s]) => s / 12),
    correct: Uint8Array.from(pairs, ([, right]) => (right ? 1 : 0)),
  }))

describe('auroc', () => {
  it('equals the count over all pairs', () => {
    fc.assert(
      fc.property(answers, ({ score, correct }) => {
        expect(auroc(score, correct)).toBe(bruteForce(score, correct))
      }),
      { numRuns: 300 },
    )
  })

  it('is 1 for perfect order, 0 for reversed order, a half for one value, null for one outcome', () => {
    const score = Float32Array.of(0.1, 0.2, 0.3, 0.4)
    expect(auroc(score, Uint8Array.of(0, 0, 1, 1))).toBe(1)
    expect(auroc(score, Uint8Array.of(1, 1, 0, 0))).toBe(0)
    expect(auroc(new Float32Array(4), Uint8Array.of(1, 1, 0, 0))).toBe(0.5)
    expect(auroc(score, Uint8Array.of(1, 1, 1, 1))).toBeNull()
    expect(auroc(score, new Uint8Array(4))).toBeNull()
  })

  it('refuses a score that is not a number, naming the image', () => {
    expect(() => auroc(Float32Array.of(0.1, Number.NaN, Number.NaN), Uint8Array.of(0, 1, 0))).toThrow(
      expect.objectContaining({ code: 'non-finite', path: 'score[1]' }),
    )
  })

  it('turns around when right and wrong change places', () => {
    fc.assert(
      fc.property(answers, ({ score, correct }) => {
        const area = auroc(score, correct)
        const mirrored = auroc(
          score,
          correct.map((value) => 1 - value),
        )
        if (area === null) expect(mirrored).toBeNull()
        else expect((mirrored ?? Number.NaN) + area).toBeCloseTo(1, 12)
      }),
    )
  })
})
