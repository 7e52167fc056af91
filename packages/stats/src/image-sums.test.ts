import { BenchError } from '@mate-bench/schema'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sumOfProducts, sumOverRuns } from './image-sums.ts'

const bits = (length: number) => fc.array(fc.constantFrom(0, 1), { minLength: length, maxLength: length })
const twoEntries = fc.integer({ min: 1, max: 70 }).chain((images) => {
  const runs = fc.array(
    bits(images).map((run) => Uint8Array.from(run)),
    { minLength: 1, maxLength: 9 },
  )
  return fc.tuple(runs, runs)
})

describe('sumOfProducts', () => {
  it('is what walking through the images gives', () => {
    fc.assert(
      fc.property(twoEntries, ([a, b]) => {
        const count = (runs: readonly Uint8Array[], i: number) =>
          runs.reduce((sum, run) => sum + (run[i] ?? 0), 0)
        const walked = a[0]?.reduce((sum, _, i) => sum + count(a, i) * count(b, i), 0)
        expect(sumOfProducts(sumOverRuns(a), sumOverRuns(b))).toBe(walked)
      }),
    )
  })

  it('refuses entries over other images, and nothing to add up', () => {
    const [three, four] = [3, 4].map((images) => sumOverRuns([new Uint8Array(images)]))
    if (!three || !four) throw new RangeError('two entries')
    expect(() => sumOfProducts(three, four)).toThrow(/3 images where the other has 4/)
    expect(() => sumOverRuns([])).toThrow(BenchError)
    expect(() => sumOverRuns([new Uint8Array(0)])).toThrow(BenchError)
    expect(() => sumOverRuns([new Uint8Array(2), new Uint8Array(3)])).toThrow(BenchError)
  })
})
