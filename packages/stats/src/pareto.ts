/** The accuracy-cost frontier: points that no other point beats. */

import { BenchError } from '@mate-bench/schema'

export interface CostedAccuracy {
  readonly sequentialMacs: number
  /** In [0, 1]. */
  readonly top1: number
}

/** An exit in every resample. */
export interface ResampledPoint {
  readonly sequentialMacs: number
  /** [R] in [0, 1]; entry r of all points is of the same images. */
  readonly top1: ArrayLike<number>
}

function checkCosts(points: readonly { readonly sequentialMacs: number }[]): void {
  points.forEach(({ sequentialMacs }, i) => {
    if (!Number.isFinite(sequentialMacs))
      throw new BenchError({
        code: 'bad-input',
        message: `A point costs ${sequentialMacs} MACs, not a finite number.`,
        path: `points[${i}].sequentialMacs`,
      })
  })
}

/**
 * In how many resamples each point is on the frontier. Of points with one cost only the best are on it, and only when
 * they are better than every cheaper point.
 */
function timesOnFrontier(points: readonly ResampledPoint[]): Uint32Array {
  checkCosts(points)
  const resamples = points[0]?.top1.length ?? 0
  const times = new Uint32Array(points.length)
  const costs = new Map<number, number[]>()
  points.forEach(({ sequentialMacs }, i) => {
    const place = costs.get(sequentialMacs)
    if (place) place.push(i)
    else costs.set(sequentialMacs, [i])
  })
  /** Of all cheaper points, in each resample. */
  const best = new Float64Array(resamples).fill(-Infinity)
  for (const [, sameCost] of [...costs].sort(([a], [b]) => a - b)) {
    const bestHere = new Float64Array(resamples).fill(-Infinity)
    for (const i of sameCost) {
      const top1 = (points[i] as ResampledPoint).top1
      for (let r = 0; r < resamples; r++) {
        if ((top1[r] as number) > (bestHere[r] as number)) bestHere[r] = top1[r] as number
      }
    }
    for (const i of sameCost) {
      const top1 = (points[i] as ResampledPoint).top1
      let count = 0
      for (let r = 0; r < resamples; r++) {
        if (top1[r] === bestHere[r] && (top1[r] as number) > (best[r] as number)) count++
      }
      times[i] = count
    }
    for (let r = 0; r < resamples; r++) {
      if ((bestHere[r] as number) > (best[r] as number)) best[r] = bestHere[r] as number
    }
  }
  return times
}

/**
 * Which points are on the Pareto frontier: no other point costs at most as much and is at least as accurate,
 * with one of the two strictly so. Equal points are on it together.
 *
 * @returns a flag for each point, in the order given
 */
export function paretoFrontier(points: readonly CostedAccuracy[]): boolean[] {
  const times = timesOnFrontier(
    points.map(({ sequentialMacs, top1 }) => ({ sequentialMacs, top1: Float64Array.of(top1) })),
  )
  return Array.from(times, (count) => count === 1)
}

/**
 * How firmly each point is on the frontier: the share of resamples in which it is.
 *
 * @returns a share in [0, 1] for each point, in the order given; it does not depend on that order
 */
export function frontierStability(points: readonly ResampledPoint[]): number[] {
  const resamples = points[0]?.top1.length ?? 0
  return Array.from(timesOnFrontier(points), (count) => count / resamples)
}
