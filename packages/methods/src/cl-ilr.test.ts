import { describe, expect, test } from 'vitest'
import { expectAgreement, type ReferenceLoss, toyNeeds } from './testing/expect-agreement.ts'
import { crossEntropy, klDivergence, sum, weightedSum } from './testing/float64.ts'
import { numberedTerms } from './testing/numbered-terms.ts'

/** @param teachers which logits teach: `frozen` ones are constants, `live` ones are not */
const reference =
  (weight: number, temperature: number, teachers: 'frozen' | 'live' = 'frozen'): ReferenceLoss =>
  (live, frozen, targets) => {
    const ce = live.logits.map((z) => crossEntropy(z, targets))
    const kd = live.logits.map((z, k) => {
      const others = (teachers === 'live' ? live : frozen).logits.filter((_, j) => j !== k)
      const mean = weightedSum(
        others,
        others.map(() => 1 / others.length),
      )
      return weight * temperature ** 2 * klDivergence(mean, z, temperature)
    })
    return { total: sum(ce) + sum(kd), terms: { ...numberedTerms('ce', ce), ...numberedTerms('kd', kd) } }
  }

describe('cl-ilr', () => {
  test('teaches each exit the mean of the others’ logits, which is a constant', () => {
    const options = { name: 'cl-ilr', rampUpEpochs: 0 }
    expectAgreement({ options, widths: [4, 4, 4] }, reference(1, 3))
  })

  test('lets gradients into the teachers too, where it is asked to', () => {
    const options = { name: 'cl-ilr', rampUpEpochs: 0, teacherGradient: 'full' }
    expectAgreement({ options, widths: [4, 4, 4] }, reference(1, 3, 'live'))
  })

  test('fades in over 80/300 of the run, with its weight and temperature', () => {
    const options = { name: 'cl-ilr', alpha: 0.5, temperature: 2 }
    // R = 8: half-way at epoch 4.
    expectAgreement({ options, widths: [4, 4], epoch: 4, epochs: 30 }, reference(0.5 * Math.exp(-5 / 4), 2))
  })

  test('asks for the mean of the gradients of the exits behind a layer, unless told otherwise', () => {
    const widths = [4, 4, 4, 4]
    expect(toyNeeds({ options: { name: 'cl-ilr' }, widths })).toEqual({
      gradientScales: [
        { head: 1 / 4, onward: 3 / 4 },
        { head: 1 / 3, onward: 2 / 3 },
        { head: 1 / 2, onward: 1 / 2 },
        { head: 1, onward: 0 },
      ],
    })
    expect(toyNeeds({ options: { name: 'cl-ilr', sharedGradient: 'sum' }, widths })).toEqual({})
  })
})
