import { describe, expect, test } from 'vitest'
import { gradientEquilibrium } from './gradient-equilibrium.ts'
import { expectAgreement, type ReferenceLoss, toyNeeds } from './testing/expect-agreement.ts'
import { at, crossEntropy, klDivergence, sum } from './testing/float64.ts'
import { numberedTerms } from './testing/numbered-terms.ts'

const reference =
  (gamma: number, distillation: number, temperature: number): ReferenceLoss =>
  (live, frozen, targets) => {
    const ce = live.logits.map((z) => crossEntropy(z, targets))
    const kd = live.logits
      .slice(0, -1)
      .map((z) => distillation * temperature ** 2 * klDivergence(at(frozen.logits, -1), z, temperature))
    const shallow = sum(ce.slice(0, -1).map((loss) => (1 - gamma) * loss))
    return {
      total: at(ce, -1) + shallow + sum(kd),
      terms: { ...numberedTerms('ce', ce), ...numberedTerms('kd', kd) },
    }
  }

describe('imta', () => {
  test('the last exit teaches the others a tenth, and stands still', () => {
    expectAgreement({ options: { name: 'imta' }, widths: [4, 4, 4] }, reference(0.1, 0.1, 1))
  })

  test('the authors’ reduction divides the divergence by the classes too', () => {
    const options = { name: 'imta', reduction: 'elements', gamma: 0.4, temperature: 2 }
    expectAgreement({ options, widths: [4, 4] }, reference(0.4, 0.4 / 5, 2))
  })

  test('balances gradients between stages, unless told otherwise', () => {
    const widths = [4, 4, 4]
    expect(toyNeeds({ options: { name: 'imta' }, widths })).toEqual({
      gradientScales: gradientEquilibrium(3),
    })
    expect(toyNeeds({ options: { name: 'imta', gradientEquilibrium: false }, widths })).toEqual({})
  })
})
