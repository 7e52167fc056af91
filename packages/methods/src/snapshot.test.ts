import { describe, expect, test } from 'vitest'
import { expectAgreement, toyNeeds } from './testing/expect-agreement.ts'
import { at, crossEntropy, type Matrix, softCrossEntropy, sum } from './testing/float64.ts'
import { numberedTerms } from './testing/numbered-terms.ts'

const softened = (z: Matrix, T: number): Matrix => z.map((row) => row.map((value) => value / T))

describe('snapshot', () => {
  const toy = { options: { name: 'snapshot' }, widths: [4, 4], epochs: 20 }

  test('learns from the labels alone until there is a snapshot', () => {
    expectAgreement({ ...toy, epoch: 4.9 }, (live, _, targets) => {
      const ce = live.logits.map((z) => crossEntropy(z, targets))
      return { total: sum(ce), terms: { ...numberedTerms('ce', ce), ...numberedTerms('kd', [0, 0]) } }
    })
  })

  test.each([true, false])('then from the snapshot too, the student softened: %j', (softensStudent) => {
    const options = { name: 'snapshot', softensStudent }
    expectAgreement({ ...toy, options, epoch: 5 }, (live, { copyLogits = [] }, targets) => {
      const ce = live.logits.map((z) => crossEntropy(z, targets))
      const kd = live.logits.map((z, k) => {
        const teacher = at(copyLogits, k)
        return softensStudent
          ? 9 * softCrossEntropy(teacher, z, 3)
          : softCrossEntropy(softened(teacher, 3), z, 1)
      })
      return {
        total: (4 / 3) * sum(ce) + sum(kd),
        terms: { ...numberedTerms('ce', ce), ...numberedTerms('kd', kd) },
      }
    })
  })

  test.each([
    [20, 4, [5, 10, 15]],
    [200, 4, [50, 100, 150]],
    [5, 4, [1, 3, 4]],
    [2, 4, [1]],
    [1, 4, []],
  ])('of %i epochs in %i cycles snapshots are taken after %j', (epochs, cycles, expected) => {
    const { copy } = toyNeeds({ options: { name: 'snapshot', cycles }, widths: [4], epochs })
    const taken = Array.from({ length: epochs + 1 }, (_, e) => e).filter((e) => copy?.isTaken(e))
    expect(taken).toEqual(expected)
  })
})
