import { describe, expect, test } from 'vitest'
import { bindToy, expectAgreement } from './testing/expect-agreement.ts'
import { at, crossEntropy, mean, softmax, sum } from './testing/float64.ts'
import { numberedTerms } from './testing/numbered-terms.ts'

const classes = 5

describe('tf-kd', () => {
  test.each([
    [{}, { alpha: 0.1, T: 20, beta: 1, right: 0.99, studentT: 1 }],
    [
      { alpha: 0.4, temperature: 2, divergenceWeight: 3, confidence: 0.7, softensStudent: true },
      { alpha: 0.4, T: 2, beta: 3, right: 0.7, studentT: 2 },
    ],
  ])('learns from labels and a virtual teacher, with %j', (options, { alpha, T, beta, right, studentT }) => {
    expectAgreement({ options: { name: 'tf-kd', ...options }, widths: [4, 4] }, (live, _, targets) => {
      const ce = live.logits.map((z) => crossEntropy(z, targets))
      const virtual = live.logits.map((z) => {
        const losses = z.map((row, b) => {
          const given = row.map((__, c) => (c === at(live.labels, b) ? right : (1 - right) / (classes - 1)))
          const q = softmax(given, T)
          const p = softmax(row, studentT)
          return sum(q.map((value, c) => value * Math.log(value / at(p, c))))
        })
        return alpha * beta * mean(losses)
      })
      return {
        total: (1 - alpha) * sum(ce) + sum(virtual),
        terms: { ...numberedTerms('ce', ce), ...numberedTerms('virtual', virtual) },
      }
    })
  })

  test('refuses a virtual teacher that gives the right class nothing', () => {
    expect(() => bindToy({ options: { name: 'tf-kd', confidence: 0 }, widths: [4] })).toThrow()
  })
})
