import type { CrossedCounts } from './crossed.ts'

/** What two classifiers' comparison starts from. It follows from their runs alone: no other entry changes it. */
export interface KnownPair {
  /** `sumOfProducts` of the two. */
  readonly products: number
  /** Two-sided, of two entries of several seeds each; of others it depends on the track, and is not kept. */
  readonly pValue: number
}

/**
 * Pairs that were compared before, so that ranking a table again compares what has changed. A pair is known by its counts as
 * objects: whoever reads an entry anew gives it new ones.
 */
export interface KnownPairs {
  readonly find: (first: CrossedCounts, second: CrossedCounts) => KnownPair | undefined
  readonly add: (first: CrossedCounts, second: CrossedCounts, pair: KnownPair) => void
  /** Whether others were compared with it: a leader, or the baseline. */
  readonly isOpponent: (counts: CrossedCounts) => boolean
  /** Ends a ranking: pairs of the one before that it did not ask for are forgotten. */
  readonly settle: () => void
}

/** @param before of the ranking before: what is asked for is taken over from there */
export function createKnownPairs(before?: KnownPairs): KnownPairs {
  // By the second, of which there are few: a leader, or the baseline.
  let earlier = before
  const known = new Map<CrossedCounts, Map<CrossedCounts, KnownPair>>()
  const add: KnownPairs['add'] = (first, second, pair) => {
    const own = known.get(second)
    if (own) own.set(first, pair)
    else known.set(second, new Map([[first, pair]]))
  }
  return {
    add,
    find(first, second) {
      const own = known.get(second)?.get(first)
      if (own) return own
      const found = earlier?.find(first, second)
      if (found) add(first, second, found)
      return found
    },
    isOpponent: (counts) => known.has(counts),
    settle() {
      earlier = undefined
    },
  }
}
