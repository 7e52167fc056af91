import { describe, expect, test } from 'vitest'
import { methodOptions, methodProblems } from './registry.ts'
import { expectAgreement, type ReferenceLoss, toyNeeds } from './testing/expect-agreement.ts'
import { at, crossEntropy, sum } from './testing/float64.ts'
import { numberedTerms } from './testing/numbered-terms.ts'

const reference =
  (weights: readonly number[]): ReferenceLoss =>
  (live, _, targets) => {
    const ce = live.logits.map((z) => crossEntropy(z, targets))
    return { total: sum(ce.map((loss, k) => at(weights, k) * loss)), terms: numberedTerms('ce', ce) }
  }

describe('sdn', () => {
  test.each([
    // The first of ten epochs: 0.01 + m / 10.
    [0, [0.01 + 0.025, 0.01 + 0.05, 0.01 + 0.075, 1]],
    [4.7, [0.01 + 0.125, 0.01 + 0.25, 0.01 + 0.375, 1]],
    // The last: what would be 0.01 too much is cut.
    [9, [0.25, 0.5, 0.75, 1]],
  ])('at epoch %f of 10 the labels of four exits weigh %j', (epoch, weights) => {
    const toy = { options: { name: 'sdn' }, widths: [4, 4, 4, 4], epoch, epochs: 10 }
    expectAgreement(toy, reference(weights))
    expect(toyNeeds(toy)).toEqual({})
  })

  test('takes the largest weights from the spec, one for each exit but the last', () => {
    const options = { name: 'sdn', maximumWeights: [0.15, 0.9] }
    expectAgreement({ options, widths: [4, 4, 4], epoch: 29, epochs: 30 }, reference([0.15, 0.9, 1]))
    const problems = methodProblems(methodOptions.parse(options), 4)
    expect(problems).toEqual([
      expect.objectContaining({
        path: 'method.maximumWeights',
        message: 'There are 2 weights for the 3 exits before the last.',
      }),
    ])
  })

  test('internal classifiers learn with weight 1, and send nothing into the backbone', () => {
    const toy = { options: { name: 'sdn', training: 'internalClassifiers' }, widths: [4, 4, 4] }
    expectAgreement(toy, reference([1, 1, 1]))
    expect(toyNeeds(toy).gradientScales).toEqual([
      { head: 0, onward: 1 },
      { head: 0, onward: 1 },
      { head: 1, onward: 1 },
    ])
  })
})
