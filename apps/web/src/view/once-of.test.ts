import { expect, it } from 'vitest'
import { onceOf } from './once-of.ts'

it('computes once for each object', () => {
  let computed = 0
  const sum = onceOf((numbers: readonly number[]) => {
    computed++
    return numbers.reduce((all, one) => all + one, 0)
  })
  const [one, other] = [
    [1, 2],
    [1, 2, 3],
  ]
  expect([sum(one), sum(other), sum(one), sum(other)]).toEqual([3, 6, 3, 6])
  expect(computed).toBe(2)
})
