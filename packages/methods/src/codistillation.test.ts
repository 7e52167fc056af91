import { describe, test } from 'vitest'
import { expectAgreement, type ReferenceLoss } from './testing/expect-agreement.ts'
import { crossEntropy, softmax, sum, weightedSum } from './testing/float64.ts'
import { numberedTerms } from './testing/numbered-terms.ts'

const reference =
  (weight: number): ReferenceLoss =>
  (live, frozen, targets) => {
    const ce = live.logits.map((z) => crossEntropy(z, targets))
    const kd = live.logits.map((z, k) => {
      const others = frozen.logits.filter((_, j) => j !== k).map((rows) => rows.map((row) => softmax(row)))
      const mean = weightedSum(
        others,
        others.map(() => 1 / others.length),
      )
      return weight * crossEntropy(z, mean)
    })
    return { total: sum(ce) + sum(kd), terms: { ...numberedTerms('ce', ce), ...numberedTerms('kd', kd) } }
  }

describe('codistillation', () => {
  test('teaches each exit the mean of the others’ probabilities, which stand still', () => {
    expectAgreement({ options: { name: 'codistillation' }, widths: [4, 4, 4] }, reference(1))
  })

  test('starts after the burn-in, with its weight', () => {
    const options = { name: 'codistillation', burnInEpochs: 2, alpha: 0.3 }
    expectAgreement({ options, widths: [4, 4], epoch: 1.9 }, reference(0))
    expectAgreement({ options, widths: [4, 4], epoch: 2 }, reference(0.3))
  })
})
