import { describe, expect, test } from 'vitest'
import { bindToy, expectAgreement, type ReferenceLoss, type ToyValues } from './testing/expect-agreement.ts'
import {
  crossEntropy,
  elements,
  klDivergence,
  type Matrix,
  multiply,
  squaredDistance,
  sum,
  weightedSum,
} from './testing/float64.ts'
import { numberedTerms } from './testing/numbered-terms.ts'

interface Weights {
  /** A^(K-k) and w_k, worked out by hand. */
  readonly towardsEnsemble: readonly number[]
  readonly shares: readonly number[]
  readonly temperature: number
  readonly featureWeight: number
}

const reference =
  (weights: Weights, features: (values: ToyValues) => readonly Matrix[]): ReferenceLoss =>
  (live, frozen, targets) => {
    const { towardsEnsemble, shares, temperature, featureWeight } = weights
    const ce = live.logits.map((z) => crossEntropy(z, targets))
    const zbar = weightedSum(frozen.logits, shares)
    const kd = live.logits.map(
      (z, k) => (towardsEnsemble[k] ?? 0) * temperature ** 2 * klDivergence(zbar, z, temperature),
    )
    const fbar = weightedSum(features(frozen), shares)
    const feature = features(live).map((f) => (featureWeight * squaredDistance(f, fbar)) / elements(f))
    return {
      total: sum(ce.map((loss, k) => (2 - (towardsEnsemble[k] ?? 0)) * loss)) + sum(kd) + sum(feature),
      terms: { ...numberedTerms('ce', ce), ...numberedTerms('kd', kd), ...numberedTerms('feature', feature) },
    }
  }

describe('beed', () => {
  // A = 1.15: A^3 = 1.520875, A^2 = 1.3225. B = 1.6: 1 + 1.6 + 2.56 + 4.096 = 9.256.
  const published: Weights = {
    towardsEnsemble: [1.520875, 1.3225, 1.15, 1],
    shares: [1 / 9.256, 1.6 / 9.256, 2.56 / 9.256, 4.096 / 9.256],
    temperature: 3,
    featureWeight: 0.1,
  }

  test('follows the published weights for four exits, with feature maps of one shape', () => {
    const gradients = expectAgreement(
      { options: { name: 'beed' }, widths: [3, 3, 3, 3] },
      reference(published, (values) => values.maps),
    )
    expect(gradients.maps1?.flat().some((value) => value !== 0)).toBe(true)
  })

  test('falls back to projected feature vectors where maps differ in shape', () => {
    expectAgreement(
      {
        options: { name: 'beed', lossBase: 1.2, ensembleBase: 2, featureWeight: 0.4 },
        widths: [2, 3],
        mapSizes: [2, 1],
      },
      reference(
        { towardsEnsemble: [1.2, 1], shares: [1 / 3, 2 / 3], temperature: 3, featureWeight: 0.4 },
        ({ features: [first = [], second = []], parameters }) => [
          multiply(first, parameters['projection1.weight'] ?? []),
          second,
        ],
      ),
    )
  })

  test('refuses a base that would train the first exit away from the labels', () => {
    // 1.15^4 = 1.749 is fine for five exits, 1.15^5 = 2.011 is not for six.
    bindToy({ options: { name: 'beed' }, widths: Array(5).fill(3) }).dispose()
    expect(() => bindToy({ options: { name: 'beed' }, widths: Array(6).fill(3) })).toThrow(
      expect.objectContaining({
        code: 'bad-spec',
        path: 'method.lossBase',
        hint: 'Use lossBase 1.148 or less for 6 exits.',
      }),
    )
    bindToy({ options: { name: 'beed', lossBase: 1.148 }, widths: Array(6).fill(3) }).dispose()
  })
})
