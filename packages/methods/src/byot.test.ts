import { describe, expect, test } from 'vitest'
import { expectAgreement, flowsInto, type ReferenceLoss } from './testing/expect-agreement.ts'
import {
  at,
  crossEntropy,
  maskedSquaredDistance,
  multiply,
  softCrossEntropy,
  squaredDistance,
  sum,
} from './testing/float64.ts'
import { numberedTerms } from './testing/numbered-terms.ts'

const conference =
  (alpha: number, temperature: number, featureWeight: number): ReferenceLoss =>
  (live, frozen, targets) => {
    const ce = live.logits.map((z) => crossEntropy(z, targets))
    const kd = live.logits
      .slice(0, -1)
      .map((z) => alpha * temperature ** 2 * softCrossEntropy(at(frozen.logits, -1), z, temperature))
    const feature = live.features.slice(0, -1).map((f, k) => {
      const projection = live.parameters[`projection${k + 1}.weight`]
      const student = projection ? multiply(f, projection) : f
      return featureWeight * maskedSquaredDistance(student, at(frozen.features, -1))
    })
    return {
      total: (1 - alpha) * sum(ce) + sum(kd) + sum(feature),
      terms: { ...numberedTerms('ce', ce), ...numberedTerms('kd', kd), ...numberedTerms('feature', feature) },
    }
  }

describe('byot', () => {
  test('follows the conference form with its published defaults', () => {
    const gradients = expectAgreement(
      { options: { name: 'byot' }, widths: [4, 4, 4] },
      conference(0.1, 3, 1e-6),
    )
    expect(flowsInto(gradients, 'features1')).toBe(true)
    expect(flowsInto(gradients, 'features3')).toBe(false)
  })

  test('follows the conference form with other weights, and projects narrower features', () => {
    expectAgreement(
      { options: { name: 'byot', alpha: 0.4, temperature: 2, featureWeight: 0.2 }, widths: [3, 5, 5] },
      conference(0.4, 2, 0.2),
    )
  })

  test('follows the journal form: no T^2, an unsquared norm, the last exit learns from labels alone', () => {
    const gradients = expectAgreement(
      { options: { name: 'byot', form: 'journal' }, widths: [3, 4, 4] },
      (live, frozen, targets) => {
        const ce = live.logits.map((z) => crossEntropy(z, targets))
        const kd = live.logits.slice(0, -1).map((z) => 0.3 * softCrossEntropy(at(frozen.logits, -1), z, 3))
        const students = [
          multiply(at(live.features, 0), live.parameters['projection1.weight'] ?? []),
          at(live.features, 1),
        ]
        const feature = students.map((f) => 0.03 * Math.sqrt(squaredDistance(f, at(frozen.features, -1))))
        return {
          total: 0.7 * sum(ce.slice(0, -1)) + at(ce, -1) + sum(kd) + sum(feature),
          terms: {
            ...numberedTerms('ce', ce),
            ...numberedTerms('kd', kd),
            ...numberedTerms('feature', feature),
          },
        }
      },
    )
    expect(flowsInto(gradients, 'features2')).toBe(true)
    expect(flowsInto(gradients, 'features3')).toBe(false)
  })
})
