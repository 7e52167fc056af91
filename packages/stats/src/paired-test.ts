/** The one test of two entries on the same test images: of a table's ranks, and of a comparison of the two alone. */

import { BenchError } from '@mate-bench/schema'
import { countBoth, packBits } from './bits.ts'
import { mcnemarExact, signFlipTest } from './paired.ts'

export interface PairedTest {
  /** `sign-flip` over seeds where both sides have several, otherwise `mcnemar` over images, of the first runs. */
  readonly test: 'mcnemar' | 'sign-flip'
  readonly pValue: number
  /** The smallest p-value that the test could have given, before any correction. */
  readonly smallestPValue: number
  /** Positive where the runs that were tested favour the first entry. */
  readonly direction: number
}

/** One classifier of an entry, such as its exit k, of which the right answers have been counted. */
export interface CountedRuns {
  /** Right answers of each run, in ascending order of the runs' seeds. */
  readonly rightCounts: readonly number[]
  /** Who is right in the first run, packed; asked for where this entry or another has but one seed. */
  readonly firstRun: () => Uint32Array
}

/**
 * Two entries with at least two seeds each: exact sign-flip test over seeds, runs paired in ascending order of their
 * seeds, surplus runs of the longer entry unused. Otherwise: exact McNemar test of the two first runs, over images.
 */
export function testPair(a: CountedRuns, b: CountedRuns): PairedTest {
  const pairs = Math.min(a.rightCounts.length, b.rightCounts.length)
  if (pairs === 1) {
    const [firstA, firstB] = [a.firstRun(), b.firstRun()]
    const both = countBoth(firstA, firstB)
    const onlyA = (a.rightCounts[0] as number) - both
    const onlyB = (b.rightCounts[0] as number) - both
    return {
      test: 'mcnemar',
      pValue: mcnemarExact(onlyA, onlyB),
      // All discordant images on one side.
      smallestPValue: Math.min(1, 2 ** (1 - onlyA - onlyB)),
      direction: onlyA - onlyB,
    }
  }
  const differences: number[] = []
  let direction = 0
  for (let s = 0; s < pairs; s++) {
    const difference = (a.rightCounts[s] as number) - (b.rightCounts[s] as number)
    differences.push(difference)
    direction += difference
  }
  return { test: 'sign-flip', ...signFlipTest(differences), direction }
}

/**
 * Tests one classifier of two entries, such as exit k of both, by the rule of the ranking (`testPair`). The p-value is
 * of this test alone: who reads several of them adjusts them together (`holmAdjust`).
 *
 * @param first S runs of N images in ascending order of their seeds, 1 where right
 * @param second likewise, over the same images; the number of runs may differ
 * @throws BenchError `bad-input` for no runs, or runs over other images
 */
export function pairedTest(first: readonly Uint8Array[], second: readonly Uint8Array[]): PairedTest {
  const images = first[0]?.length ?? 0
  if (images === 0 || second.length === 0 || [...first, ...second].some(({ length }) => length !== images)) {
    throw new BenchError({
      code: 'bad-input',
      message: 'A paired test needs runs of both sides over the same test images.',
      path: 'runs',
    })
  }
  return testPair(countRuns(first), countRuns(second))
}

/** @param runs at least one */
export function countRuns(runs: readonly Uint8Array[]): CountedRuns {
  return {
    rightCounts: runs.map((run) => run.reduce((sum, right) => sum + right, 0)),
    firstRun: packedOnce(() => runs[0] ?? new Uint8Array()),
  }
}

/** Packs bits when they are first asked for. */
export function packedOnce(bits: () => Uint8Array): () => Uint32Array {
  let packed: Uint32Array | undefined
  return () => {
    packed ??= packBits(bits())
    return packed
  }
}
