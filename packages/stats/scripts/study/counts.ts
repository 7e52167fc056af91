import { countBoth } from '../../src/bits.ts'
import type { CrossedCounts } from '../../src/crossed.ts'
import { type ImageSums, sumOfProducts } from '../../src/image-sums.ts'
import type { DrawnEntry } from './draw-runs.ts'

export interface CountedEntry {
  readonly counts: CrossedCounts
  readonly sums: ImageSums
}

/** What `sumOverRuns` and the aggregates would say of the runs, from words: 32 images are added at once. */
export function countEntry(runs: DrawnEntry, images: number): CountedEntry {
  const words = runs[0]?.length ?? 0
  const planes = Array.from({ length: Math.floor(Math.log2(runs.length)) + 1 }, () => new Uint32Array(words))
  for (const run of runs) {
    for (let w = 0; w < words; w++) {
      let carry = run[w] as number
      for (const plane of planes) {
        if (carry === 0) break
        const before = plane[w] as number
        plane[w] = before ^ carry
        carry &= before
      }
    }
  }
  const sums = { images, planes }
  const rightCounts = runs.map((run) => countBoth(run, run))
  return { sums, counts: { images, rightCounts, squares: sumOfProducts(sums, sums) } }
}
