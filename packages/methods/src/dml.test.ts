import { describe, test } from 'vitest'
import { expectAgreement, type ReferenceLoss } from './testing/expect-agreement.ts'
import { crossEntropy, klDivergence, sum } from './testing/float64.ts'
import { numberedTerms } from './testing/numbered-terms.ts'

/** Exit k against every other, which stands still. `share` is the weight of each pair. */
const reference =
  (share: number, temperature: number): ReferenceLoss =>
  (live, frozen, targets) => {
    const ce = live.logits.map((z) => crossEntropy(z, targets))
    const kd = live.logits.map((z, k) => {
      const peers = frozen.logits.filter((_, j) => j !== k)
      return share * temperature ** 2 * sum(peers.map((peer) => klDivergence(peer, z, temperature)))
    })
    return { total: sum(ce) + sum(kd), terms: { ...numberedTerms('ce', ce), ...numberedTerms('kd', kd) } }
  }

describe('dml', () => {
  test('draws each exit to the mean of its divergences to the others, at T = 1', () => {
    expectAgreement({ options: { name: 'dml' }, widths: [4, 4, 4] }, reference(1 / 2, 1))
  })

  test('takes the sum of the authors’ code, and a temperature', () => {
    const options = { name: 'dml', peers: 'sum', temperature: 3 }
    expectAgreement({ options, widths: [4, 4, 4, 4] }, reference(1, 3))
  })
})
