import { describe, expect, test } from 'vitest'
import { expectAgreement, flowsInto, toyNeeds } from './testing/expect-agreement.ts'
import { at, crossEntropy, dot, type Matrix, mean, softmax, sum, type Vector } from './testing/float64.ts'
import { numberedTerms } from './testing/numbered-terms.ts'

/** X of M X = B, by elimination with pivots. */
function solve(matrix: Matrix, right: Matrix): number[][] {
  const size = matrix.length
  const rows = matrix.map((row, i) => [...row, ...at(right, i)])
  for (let column = 0; column < size; column++) {
    const rest = rows.slice(column)
    const largest = rest.reduce((best, row) =>
      Math.abs(at(row, column)) > Math.abs(at(best, column)) ? row : best,
    )
    const place = rows.indexOf(largest)
    rows[place] = at(rows, column)
    rows[column] = largest
    for (let i = 0; i < size; i++) {
      if (i === column) continue
      const factor = at(at(rows, i), column) / at(largest, column)
      rows[i] = at(rows, i).map((value, c) => value - factor * at(largest, c))
    }
  }
  return rows.map((row, i) => row.slice(size).map((value) => value / at(row, i)))
}

/** (1 - omega) (I - omega A)^-1 P, one image at a time. */
function ensemble(features: Matrix, predictions: Matrix, omega: number): number[][] {
  const directions = features.map((f) => f.map((value) => value / Math.sqrt(dot(f, f))))
  const likeness = directions.map((f, i) =>
    softmax(directions.map((g, j) => (i === j ? Number.NEGATIVE_INFINITY : dot(f, g)))),
  )
  const system = likeness.map((row, i) => row.map((value, j) => (i === j ? 1 : 0) - omega * value))
  const right = predictions.map((row) => row.map((value) => (1 - omega) * value))
  return solve(system, right)
}

const divergence = (q: Vector, p: Vector): number =>
  sum(q.map((value, c) => value * Math.log(value / at(p, c))))

describe('bake', () => {
  test.each([
    [4, 1, 0.5, 3],
    [2, 0.5, 0.95, 1],
    [4, 1, 0, 1],
  ])(
    'teaches with the ensemble of the batch, T %f, lambda %f, omega %f, M %i',
    (T, lambda, omega, sameClass) => {
      const options = { name: 'bake', temperature: T, lambda, omega, sameClass }
      const gradients = expectAgreement({ options, widths: [3, 6] }, (live, frozen, targets) => {
        const ce = live.logits.map((z) => crossEntropy(z, targets))
        const kd = live.logits.map((z, k) => {
          const predictions = at(frozen.logits, k).map((row) => softmax(row, T))
          const q = ensemble(at(frozen.features, k), predictions, omega)
          return lambda * T ** 2 * mean(z.map((row, b) => divergence(at(q, b), softmax(row, T))))
        })
        return { total: sum(ce) + sum(kd), terms: { ...numberedTerms('ce', ce), ...numberedTerms('kd', kd) } }
      })
      expect(flowsInto(gradients, 'features1')).toBe(false)
    },
  )

  test('asks for others of the class in the batch itself', () => {
    expect(toyNeeds({ options: { name: 'bake' }, widths: [4] })).toEqual({
      partners: { count: 3, distinct: true, pass: 'together' },
    })
  })
})
