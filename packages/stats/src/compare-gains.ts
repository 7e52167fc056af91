import { BenchError } from '@mate-bench/schema'
import { type CrossedComparison, type CrossedCounts, compareCrossed } from './crossed.ts'

/** Who is right at two classifiers of each run of an entry. [S][N] each */
export interface TwoClassifiers {
  readonly at: readonly Uint8Array[]
  readonly from: readonly Uint8Array[]
}

/**
 * Compares how far two entries lie apart at one classifier with how far they do at another: `at` of the first minus `at` of the
 * second, less the same of `from`. The comparison is `compareCrossed` of the values right[at] - right[from], image by image
 * and run by run, so that what both classifiers of a run share falls out.
 *
 * @throws BenchError `bad-input` for no run, or other images
 */
export function compareGains(first: TwoClassifiers, second: TwoClassifiers): CrossedComparison {
  const [a, b] = [contrastOf(first), contrastOf(second)]
  if (a.sums.length !== b.sums.length) {
    throw new BenchError({ code: 'bad-input', message: 'Two entries have other images.', path: 'images' })
  }
  return compareCrossed(a.counts, b.counts, dot(a.sums, b.sums))
}

function contrastOf({ at, from }: TwoClassifiers): { counts: CrossedCounts; sums: Int32Array } {
  const images = at[0]?.length ?? 0
  const sums = new Int32Array(images)
  let ownSquares = 0
  const rightCounts = at.map((run, s) => {
    let total = 0
    for (let i = 0; i < images; i++) {
      const value = (run[i] ?? 0) - (from[s]?.[i] ?? 0)
      sums[i] = (sums[i] ?? 0) + value
      ownSquares += value * value
      total += value
    }
    return total
  })
  return { counts: { images, rightCounts, squares: dot(sums, sums), ownSquares }, sums }
}

function dot(a: Int32Array, b: Int32Array): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0)
}
