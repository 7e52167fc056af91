import { describe, test } from 'vitest'
import { expectAgreement } from './testing/expect-agreement.ts'
import { crossEntropy, klDivergence, sum } from './testing/float64.ts'
import { numberedTerms } from './testing/numbered-terms.ts'

describe('dks', () => {
  test.each([1, 0.25])('teaches between all pairs of exits with detached teachers, alpha %f', (alpha) => {
    expectAgreement({ options: { name: 'dks', alpha }, widths: [4, 4, 4] }, (live, frozen, targets) => {
      const ce = live.logits.map((z) => crossEntropy(z, targets))
      const kd = live.logits.map((student, k) =>
        sum(frozen.logits.map((teacher, j) => (j === k ? 0 : alpha * klDivergence(teacher, student, 1)))),
      )
      return { total: sum(ce) + sum(kd), terms: { ...numberedTerms('ce', ce), ...numberedTerms('kd', kd) } }
    })
  })
})
