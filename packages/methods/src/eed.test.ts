import { describe, expect, test } from 'vitest'
import { expectAgreement, type ReferenceLoss, type ToyValues } from './testing/expect-agreement.ts'
import {
  crossEntropy,
  elements,
  type Matrix,
  maskedSquaredDistance,
  multiply,
  softCrossEntropy,
  squaredDistance,
  sum,
  weightedSum,
} from './testing/float64.ts'
import { numberedTerms } from './testing/numbered-terms.ts'

const average = (matrices: readonly Matrix[]) =>
  weightedSum(
    matrices,
    matrices.map(() => 1 / matrices.length),
  )

const projected = (values: ToyValues) =>
  values.features.map((f, k) => {
    const weight = values.parameters[`projection${k + 1}.weight`]
    return weight ? multiply(f, weight) : f
  })

const reference =
  (output: (student: Matrix, ensemble: Matrix) => number, featureWeight: number): ReferenceLoss =>
  (live, frozen, targets) => {
    const ce = live.logits.map((z) => crossEntropy(z, targets))
    const zbar = average(frozen.logits)
    const outputs = live.logits.map((z) => output(z, zbar))
    const fbar = average(projected(frozen))
    const feature = projected(live).map((f) => (featureWeight * maskedSquaredDistance(f, fbar)) / elements(f))
    return {
      total: sum(ce) + sum(outputs) + sum(feature),
      terms: {
        ...numberedTerms('ce', ce),
        ...numberedTerms('output', outputs),
        ...numberedTerms('feature', feature),
      },
    }
  }

describe('eed', () => {
  test('draws logits to their detached mean by squared distance (default)', () => {
    const mse = reference((z, zbar) => squaredDistance(z, zbar) / elements(z), 1)
    expectAgreement({ options: { name: 'eed' }, widths: [4, 4, 4] }, mse)
  })

  test('draws outputs together by softened cross-entropy, with projected features', () => {
    const kl = reference((z, zbar) => 0.1 * 9 * softCrossEntropy(zbar, z, 3), 1)
    expectAgreement({ options: { name: 'eed', outputLoss: 'kl' }, widths: [3, 4, 4] }, kl)
  })

  test('takes other weights, and no feature loss at weight 0', () => {
    const kl = reference((z, zbar) => 0.5 * 4 * softCrossEntropy(zbar, z, 2), 0)
    const options = { name: 'eed', outputLoss: 'kl', outputWeight: 0.5, temperature: 2, featureWeight: 0 }
    const gradients = expectAgreement({ options, widths: [4, 4] }, kl)
    expect(gradients.features1?.flat().every((value) => Math.abs(value) === 0)).toBe(true)
  })
})
