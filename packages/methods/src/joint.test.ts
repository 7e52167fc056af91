import { describe, expect, test } from 'vitest'
import { bindToy, expectAgreement } from './testing/expect-agreement.ts'
import { crossEntropy, dot } from './testing/float64.ts'
import { numberedTerms } from './testing/numbered-terms.ts'

describe('joint', () => {
  test.each([1, 3])('is the plain sum of %i cross-entropies by default', (exits) => {
    expectAgreement({ options: { name: 'joint' }, widths: Array(exits).fill(4) }, (live, _, targets) => {
      const ce = live.logits.map((z) => crossEntropy(z, targets))
      return { total: ce.reduce((a, b) => a + b), terms: numberedTerms('ce', ce) }
    })
  })

  test('weighs exits as asked, and reports them unweighted', () => {
    const weights = [1, 0.3, 0]
    expectAgreement({ options: { name: 'joint', weights }, widths: [4, 4, 4] }, (live, _, targets) => {
      const ce = live.logits.map((z) => crossEntropy(z, targets))
      return { total: dot(ce, weights), terms: numberedTerms('ce', ce) }
    })
  })

  test.each([
    [[1, 1], 'There are 2 weights for 3 exits.'],
    [[0, 0, 0], 'All weights are zero.'],
  ])('refuses weights %j', (weights, message) => {
    const bind = () => bindToy({ options: { name: 'joint', weights }, widths: [4, 4, 4] })
    expect(bind).toThrow(expect.objectContaining({ code: 'bad-spec', path: 'method.weights', message }))
  })
})
