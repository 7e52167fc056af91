import { describe, expect, it } from 'vitest'
import { compareGains } from './compare-gains.ts'
import { compareCrossed } from './crossed.ts'
import { countCrossed } from './entry-aggregate.ts'
import { sumOfProducts, sumOverRuns } from './image-sums.ts'
import { createRandom } from './random.ts'

function runs(seed: number, count: number, images: number, accuracy: number): Uint8Array[] {
  const random = createRandom(seed, 'runs', 0, 0)
  return Array.from({ length: count }, () =>
    Uint8Array.from({ length: images }, () => (random.uniform() < accuracy ? 1 : 0)),
  )
}

describe('compareGains', () => {
  it('is the plain comparison where the other classifier is always wrong', () => {
    const [first, second] = [runs(1, 4, 300, 0.8), runs(2, 3, 300, 0.7)]
    const never = (count: number) => Array.from({ length: count }, () => new Uint8Array(300))
    const products = sumOfProducts(sumOverRuns(first), sumOverRuns(second))
    expect(compareGains({ at: first, from: never(4) }, { at: second, from: never(3) })).toEqual(
      compareCrossed(countCrossed(first), countCrossed(second), products),
    )
  })

  it('is the difference of the differences', () => {
    // Right at the shallow exit: 3 of 4 and 1 of 4; at the deep one: 3 of 4 and 3 of 4.
    const first = { at: [Uint8Array.of(1, 1, 1, 0)], from: [Uint8Array.of(1, 1, 1, 0)] }
    const second = { at: [Uint8Array.of(1, 0, 0, 0)], from: [Uint8Array.of(1, 1, 0, 1)] }
    expect(compareGains(first, second).difference).toBeCloseTo(0.5, 12)
  })

  it('has its truth in the 95 % interval about as often, for gains that are equal', () => {
    let covered = 0
    const repetitions = 200
    for (let r = 0; r < repetitions; r++) {
      const entry = (salt: number) => ({
        at: runs(10 * r + salt, 5, 200, 0.7),
        from: runs(10 * r + salt + 1, 5, 200, 0.8),
      })
      const { lower, upper } = compareGains(entry(0), entry(2))
      if (lower <= 0 && upper >= 0) covered++
    }
    expect(covered / repetitions).toBeGreaterThan(0.9)
  })
})
