import { describe, expect, test } from 'vitest'
import { expectAgreement, toyNeeds } from './testing/expect-agreement.ts'
import { at, crossEntropy, klDivergence, sum } from './testing/float64.ts'
import { numberedTerms } from './testing/numbered-terms.ts'

describe('cs-kd', () => {
  test.each([
    [4, 1],
    [1, 0.5],
  ])(
    'draws each exit to its output for another image of the class, T %f, lambda %f',
    (temperature, lambda) => {
      const toy = { options: { name: 'cs-kd', temperature, lambda }, widths: [4, 4] }
      expectAgreement(toy, (live, { partnerLogits = [] }, targets) => {
        const ce = live.logits.map((z) => crossEntropy(z, targets))
        const kd = live.logits.map(
          (z, k) => lambda * temperature ** 2 * klDivergence(at(partnerLogits, k), z, temperature),
        )
        return { total: sum(ce) + sum(kd), terms: { ...numberedTerms('ce', ce), ...numberedTerms('kd', kd) } }
      })
    },
  )

  test('asks for one partner an image, in a pass that leaves batch norm alone unless told', () => {
    const needs = (options: object) => toyNeeds({ options: { name: 'cs-kd', ...options }, widths: [4] })
    expect(needs({})).toEqual({
      partners: { count: 1, distinct: false, pass: 'apart', movesStatistics: false },
    })
    expect(needs({ partnerStatistics: 'moved' }).partners?.movesStatistics).toBe(true)
  })
})
