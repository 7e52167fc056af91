/** An exit in every resample. */
export interface ResampledPoint {
  readonly sequentialMacs: number
  /** [R] in [0, 1]; entry r of all points is of the same images. */
  readonly top1: ArrayLike<number>
}

/** Counts in how many resamples each point is on the frontier, of points that come one by one. */
export interface FrontierCount<Key> {
  /** Points come in ascending order of cost; their numbers are not kept. */
  readonly add: (key: Key, point: ResampledPoint) => void
  /** A point to come whose top-1 is below this in every resample is on the frontier in none, and need not be added. */
  readonly floor: () => number
  /** The share of resamples in which a point is on the frontier, without the points that never are. */
  readonly shares: () => Map<Key, number>
}

/**
 * A count that remembers of all points together the best top-1 in each resample, and which points have it. Of points with one
 * cost only the best are on the frontier, and only when they are better than every cheaper point.
 */
export function createFrontierCount<Key>(): FrontierCount<Key> {
  /** Of all points so far, in each resample. */
  let best = new Float64Array()
  /** Points of the present cost that are the best so far, in each resample; none where a cheaper one is as good. */
  let leaders: Key[][] = []
  let cost = Number.NEGATIVE_INFINITY
  const times = new Map<Key, number>()

  function countLeaders(counts: Map<Key, number>): void {
    for (const keys of leaders) {
      for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1)
    }
  }

  return {
    add(key, { sequentialMacs, top1 }) {
      if (!(sequentialMacs >= cost)) throw new RangeError('a point that is cheaper than the one before')
      if (leaders.length === 0) {
        best = new Float64Array(top1.length).fill(Number.NEGATIVE_INFINITY)
        leaders = Array.from(best, () => [])
      }
      if (sequentialMacs > cost) {
        countLeaders(times)
        for (const keys of leaders) keys.length = 0
        cost = sequentialMacs
      }
      for (let r = 0; r < best.length; r++) {
        const value = top1[r] as number
        const reached = best[r] as number
        if (value < reached) continue
        const keys = leaders[r] as Key[]
        if (value > reached) {
          best[r] = value
          keys.length = 0
          keys.push(key)
        } else if (value === reached && keys.length > 0) keys.push(key)
      }
    },
    floor: () => best.reduce((least, value) => Math.min(least, value), best[0] ?? Number.NEGATIVE_INFINITY),
    shares() {
      const counts = new Map(times)
      countLeaders(counts)
      return new Map([...counts].map(([key, count]) => [key, count / best.length]))
    },
  }
}
