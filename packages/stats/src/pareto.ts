/** The accuracy-cost frontier: points that no other point beats. */

import { BenchError } from '@mate-bench/schema'
import { createFrontierCount, type ResampledPoint } from './frontier-count.ts'

export interface CostedAccuracy {
  readonly sequentialMacs: number
  /** In [0, 1]. */
  readonly top1: number
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
 * Which points are on the Pareto frontier: no other point costs at most as much and is at least as accurate,
 * with one of the two strictly so. Equal points are on it together.
 *
 * @returns a flag for each point, in the order given
 */
export function paretoFrontier(points: readonly CostedAccuracy[]): boolean[] {
  const shares = frontierStability(
    points.map(({ sequentialMacs, top1 }) => ({ sequentialMacs, top1: [top1] })),
  )
  return shares.map((share) => share === 1)
}

/**
 * How firmly each point is on the frontier: the share of resamples in which it is. `createFrontierCount` does the same for
 * points that are not all at hand.
 *
 * @returns a share in [0, 1] for each point, in the order given; it does not depend on that order
 */
export function frontierStability(points: readonly ResampledPoint[]): number[] {
  checkCosts(points)
  const frontier = createFrontierCount<number>()
  const byCost = [...points.entries()].sort(([, a], [, b]) => a.sequentialMacs - b.sequentialMacs)
  for (const [i, point] of byCost) frontier.add(i, point)
  const shares = frontier.shares()
  return points.map((_, i) => shares.get(i) ?? 0)
}
