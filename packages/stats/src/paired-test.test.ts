import { BenchError } from '@mate-bench/schema'
import { describe, expect, it } from 'vitest'
import { pairedTest } from './paired-test.ts'
import { rankTieGroups } from './ranking.ts'

/** A run of 200 images of which the first `right` are right. */
const run = (right: number) => Uint8Array.from({ length: 200 }, (_, i) => (i < right ? 1 : 0))

describe('pairedTest', () => {
  it('looks at images where a side has one seed, and at seeds where both have several', () => {
    // Six images that only the first gets right: 2 / 2^6.
    expect(pairedTest([run(106)], [run(100), run(199)])).toEqual({
      test: 'mcnemar',
      pValue: expect.closeTo(2 / 64, 12),
      smallestPValue: expect.closeTo(2 / 64, 12),
      direction: 6,
    })
    // Differences 1, -2, 4 over three seeds; the fourth run of the first side has no counterpart.
    const first = [101, 98, 104, 200].map(run)
    const second = [100, 100, 100].map(run)
    expect(pairedTest(first, second)).toEqual({
      test: 'sign-flip',
      pValue: 0.75,
      smallestPValue: 0.25,
      direction: 3,
    })
    expect(pairedTest(second, first)).toMatchObject({ pValue: 0.75, direction: -3 })
  })

  it('is the test of the ranking', () => {
    const [a, b] = [[run(160)], [run(100)]]
    const { pValue } = pairedTest(a, b)
    const [, second] = rankTieGroups([
      { name: 'a', correct: a },
      { name: 'b', correct: b },
    ])
    expect(second?.comparison?.pValue).toBe(pValue)
  })

  it('refuses sides without runs or over other images', () => {
    expect(() => pairedTest([], [run(1)])).toThrow(BenchError)
    expect(() => pairedTest([run(1)], [])).toThrow(BenchError)
    expect(() => pairedTest([run(1)], [new Uint8Array(3)])).toThrow(BenchError)
  })
})
