import { describe, expect, test } from 'vitest'
import { gradientEquilibrium } from './gradient-equilibrium.ts'
import { methodLogitWeights, methodOptions } from './registry.ts'
import { expectAgreement, type ReferenceLoss, toyNeeds } from './testing/expect-agreement.ts'
import { at, crossEntropy, sum, weightedSum } from './testing/float64.ts'
import { numberedTerms } from './testing/numbered-terms.ts'

/** F_k = z_k + r F_{k-1} with everything before exit k standing still; `weights` are those of z_1..z_k in F_k. */
const reference =
  (weights: readonly (readonly number[])[]): ReferenceLoss =>
  (live, frozen, targets) => {
    const ce = live.logits.map((z, k) => {
      const summed = [...frozen.logits.slice(0, k), z]
      return crossEntropy(weightedSum(summed, at(weights, k)), targets)
    })
    return { total: sum(ce), terms: numberedTerms('ce', ce) }
  }

describe('boosted', () => {
  test('each exit learns what half of those before it leaves', () => {
    const weights = [[1], [0.5, 1], [0.25, 0.5, 1]]
    expectAgreement({ options: { name: 'boosted' }, widths: [4, 4, 4] }, reference(weights))
    expect(methodLogitWeights(methodOptions.parse({ name: 'boosted' }), 3)).toEqual(weights)
  })

  test('takes another weight; 0 is joint training', () => {
    const options = { name: 'boosted', ensembleWeight: 1 }
    expectAgreement({ options, widths: [4, 4, 4] }, reference([[1], [1, 1], [1, 1, 1]]))
    expectAgreement({ options: { ...options, ensembleWeight: 0 }, widths: [4, 4] }, reference([[1], [0, 1]]))
  })

  test('balances gradients between stages, unless told otherwise', () => {
    const widths = [4, 4]
    expect(toyNeeds({ options: { name: 'boosted' }, widths })).toEqual({
      gradientScales: gradientEquilibrium(2),
    })
    expect(toyNeeds({ options: { name: 'boosted', gradientEquilibrium: false }, widths })).toEqual({})
  })
})
