/** The accuracy-cost frontier: points that no other point beats. */

import { BenchError } from '@mate-bench/schema'
import { type BootstrapOptions, resampledAccuracies } from './bootstrap.ts'

export interface CostedAccuracy {
  readonly sequentialMacs: number
  /** In [0, 1]. */
  readonly top1: number
}

/**
 * Marks the frontier, points being given in ascending order of cost. Of points with one cost only the best are
 * on it, and only when they are better than every cheaper point.
 */
function markFrontier(macs: ArrayLike<number>, top1: ArrayLike<number>): Uint8Array {
  const marks = new Uint8Array(macs.length)
  let best = -Infinity
  for (let start = 0; start < macs.length; ) {
    let end = start
    let bestHere = -Infinity
    for (; end < macs.length && macs[end] === macs[start]; end++)
      bestHere = Math.max(bestHere, top1[end] as number)
    if (bestHere > best) {
      for (let i = start; i < end; i++) if (top1[i] === bestHere) marks[i] = 1
      best = bestHere
    }
    start = end
  }
  return marks
}

function ascendingCost(points: readonly { readonly sequentialMacs: number }[]): number[] {
  points.forEach(({ sequentialMacs }, i) => {
    if (!Number.isFinite(sequentialMacs))
      throw new BenchError({
        code: 'bad-input',
        message: `A point costs ${sequentialMacs} MACs, not a finite number.`,
        path: `points[${i}].sequentialMacs`,
      })
  })
  return points.map((_, i) => i).sort((a, b) => macsAt(points, a) - macsAt(points, b))
}

function macsAt(points: readonly { readonly sequentialMacs: number }[], i: number): number {
  return points[i]?.sequentialMacs ?? 0
}

/**
 * Which points are on the Pareto frontier: no other point costs at most as much and is at least as accurate,
 * with one of the two strictly so. Equal points are on it together.
 *
 * @returns a flag for each point, in the order given
 */
export function paretoFrontier(points: readonly CostedAccuracy[]): boolean[] {
  const order = ascendingCost(points)
  const marks = markFrontier(
    order.map((i) => macsAt(points, i)),
    order.map((i) => points[i]?.top1 ?? 0),
  )
  const onFrontier = new Array<boolean>(points.length).fill(false)
  order.forEach((i, position) => {
    onFrontier[i] = marks[position] === 1
  })
  return onFrontier
}

export interface FrontierPoint {
  /** The entry that the point is an exit of; exits of one entry share the draw of their seeds. */
  readonly entry: string
  readonly sequentialMacs: number
  /** S runs of N images, 1 where right; the same S for all points of an entry. */
  readonly runs: readonly Uint8Array[]
}

/**
 * How firmly each point is on the frontier: the share of bootstrap resamples (seeds x images, the same images
 * for all points) in which it is.
 *
 * @returns a share in [0, 1] for each point, in the order given
 */
export function frontierStability(points: readonly FrontierPoint[], options: BootstrapOptions): number[] {
  const order = ascendingCost(points)
  const clusters = new Map<string, number>()
  const groups = order.map((i) => {
    const { entry, runs } = points[i] as FrontierPoint
    const cluster = clusters.get(entry) ?? clusters.size
    clusters.set(entry, cluster)
    return { runs, cluster }
  })
  const accuracies = resampledAccuracies(groups, options)
  const macs = Float64Array.from(order, (i) => macsAt(points, i))
  const resamples = accuracies[0]?.length ?? 0
  const times = new Uint32Array(points.length)
  const top1 = new Float64Array(points.length)
  for (let r = 0; r < resamples; r++) {
    accuracies.forEach((values, position) => {
      top1[position] = values[r] as number
    })
    markFrontier(macs, top1).forEach((mark, position) => {
      const i = order[position] as number
      times[i] = (times[i] as number) + mark
    })
  }
  return Array.from(times, (count) => count / resamples)
}
