/**
 * How many of an entry's runs get each test image right, in bit planes: all that a comparison of two entries needs of
 * their predictions. Plane p holds the bit of value 2^p of every image's count.
 */

import { BenchError } from '@mate-bench/schema'
import { countBoth } from './bits.ts'

export interface ImageSums {
  /** N, the number of test images. */
  readonly images: number
  /** floor(log2 S) + 1 planes of ceil(N / 32) words, image i at bit i mod 32 of word floor(i / 32). */
  readonly planes: readonly Uint32Array[]
}

/**
 * Adds up who is right over runs.
 *
 * @param runs S >= 1 runs over the same N >= 1 images, 1 where right
 * @throws BenchError `bad-input` for no runs, no images, or runs of different lengths
 */
export function sumOverRuns(runs: readonly Uint8Array[]): ImageSums {
  const images = runs[0]?.length ?? 0
  if (images === 0 || runs.some(({ length }) => length !== images)) {
    throw new BenchError({
      code: 'bad-input',
      message: 'Runs are added up over the same test images, and there is at least one of each.',
      path: 'runs',
    })
  }
  const words = Math.ceil(images / 32)
  const planes = Array.from({ length: Math.floor(Math.log2(runs.length)) + 1 }, () => new Uint32Array(words))
  for (let i = 0; i < images; i++) {
    let count = 0
    for (const run of runs) count += run[i] === 0 ? 0 : 1
    const bit = 1 << (i & 31)
    for (const plane of planes) {
      if ((count & 1) !== 0) plane[i >>> 5] = (plane[i >>> 5] as number) | bit
      count >>>= 1
    }
  }
  return { images, planes }
}

/** The sum over images of the product of two counts; of one entry with itself, the sum of squares. */
export function sumOfProducts(a: ImageSums, b: ImageSums): number {
  if (a.images !== b.images) {
    throw new BenchError({
      code: 'bad-input',
      message: `One entry has ${a.images} images where the other has ${b.images}.`,
      path: 'images',
    })
  }
  let sum = 0
  a.planes.forEach((planeA, p) => {
    b.planes.forEach((planeB, q) => {
      sum += 2 ** (p + q) * countBoth(planeA, planeB)
    })
  })
  return sum
}
