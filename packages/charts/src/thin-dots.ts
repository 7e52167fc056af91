import type { CostedPoint } from './accuracy-chart.ts'

/** A chart shows no more dots of unnamed entries than these: a few kB, however large the track is. */
export const mostDots = 300

/** Cells of the finest grid: dots nearer than this hide one another. */
const finest = { perDecade: 80, perShare: 400 }

/**
 * One point of each cell of a grid over cost and accuracy, which is as fine as `mostDots` allows. Those kept are points as they
 * were given, with the digits that a dot can show. They come cheapest first and then best first, which compresses well.
 *
 * @returns the same for the same points, in whatever order they come
 */
export function thinDots(points: readonly CostedPoint[]): CostedPoint[] {
  const distinct = onePerCell(points, 1)
  let kept = distinct
  for (let size = 1; kept.length > mostDots; ) {
    // Cells grow both ways, so this is near the right size; where points share few costs, it takes a few more.
    size *= Math.max(1.1, Math.sqrt(kept.length / mostDots))
    kept = onePerCell(distinct, size)
  }
  return kept.sort(compare).map(rounded)
}

function compare(a: CostedPoint, b: CostedPoint): number {
  return a.macs - b.macs || b.top1 - a.top1
}

/** @param size of a cell, 1 for the finest */
function onePerCell(points: readonly CostedPoint[], size: number): CostedPoint[] {
  const rows = 2 * finest.perShare
  const cells = new Map<number, CostedPoint>()
  for (const point of points) {
    const column = Math.round((finest.perDecade / size) * Math.log10(point.macs))
    const cell = column * rows + Math.round((finest.perShare / size) * point.top1)
    const other = cells.get(cell)
    if (!other || compare(point, other) < 0) cells.set(cell, point)
  }
  return [...cells.values()]
}

/** To less than a dot's size: nobody reads a figure off it. */
function rounded({ macs, top1 }: CostedPoint): CostedPoint {
  return { macs: Number(macs.toPrecision(3)), top1: Number(top1.toFixed(3)) }
}
