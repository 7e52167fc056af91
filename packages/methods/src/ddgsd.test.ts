import { describe, expect, test } from 'vitest'
import { expectAgreement, flowsInto, toyNeeds } from './testing/expect-agreement.ts'
import { at, crossEntropy, klDivergence, type Matrix, mean, sum } from './testing/float64.ts'
import { numberedTerms } from './testing/numbered-terms.ts'

const views = (rows: Matrix): [Matrix, Matrix] => [
  rows.slice(0, rows.length / 2),
  rows.slice(rows.length / 2),
]

/** Squared distance of the means over the batch. */
function mmd(a: Matrix, b: Matrix): number {
  return sum(
    at(a, 0).map((_, c) => (mean(a.map((row) => at(row, c))) - mean(b.map((row) => at(row, c)))) ** 2),
  )
}

describe('ddgsd', () => {
  test.each([
    [4, 1, 5e-4],
    [2, 0.5, 3],
  ])('two views teach each other, T %f, lambda %f, mu %f', (temperature, lambda, mu) => {
    const options = { name: 'ddgsd', temperature, lambda, mu }
    const gradients = expectAgreement({ options, widths: [3, 4] }, (live, frozen, targets) => {
      const ce = live.logits.map((z) => crossEntropy(z, targets))
      const kd = live.logits.map((z, k) => {
        const [a, b] = views(z)
        const [fixedA, fixedB] = views(at(frozen.logits, k))
        const both = klDivergence(fixedB, a, temperature) + klDivergence(fixedA, b, temperature)
        return lambda * temperature ** 2 * both
      })
      const distance = live.features.map((f) => mu * mmd(...views(f)))
      return {
        total: 2 * sum(ce) + sum(kd) + sum(distance),
        terms: {
          ...numberedTerms('ce', ce),
          ...numberedTerms('kd', kd),
          ...numberedTerms('mmd', distance),
        },
      }
    })
    expect(flowsInto(gradients, 'features1')).toBe(true)
  })

  test('asks for two views, and each is a row of the batch', () => {
    expect(toyNeeds({ options: { name: 'ddgsd' }, widths: [4] })).toEqual({ views: 2 })
  })
})
