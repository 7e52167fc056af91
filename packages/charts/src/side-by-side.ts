import type { SeriesModel } from './model.ts'

const spreadPixels = 7
const mostSpreadPixels = 36

/** Pixels by which each series is moved, by its key: series that share a cost stand side by side, so that their bars can be told apart. */
export function sideBySide(series: readonly SeriesModel[]): ReadonlyMap<string, number> {
  const moved = series.filter(hasBars)
  const costs = moved.map(({ points }) => new Set(points.map(([x]) => x)))
  return new Map(
    moved.map(({ key }, i) => {
      const own = [...(costs[i] ?? [])]
      const group = costs.flatMap((other, j) => (j === i || own.some((x) => other.has(x)) ? [j] : []))
      const step = Math.min(spreadPixels, mostSpreadPixels / Math.max(1, group.length - 1))
      return [key, (group.indexOf(i) - (group.length - 1) / 2) * step]
    }),
  )
}

function hasBars({ points, faint, kind, interval, symbol }: SeriesModel): boolean {
  if (faint || kind === 'area' || interval === 'band' || typeof symbol !== 'number') return false
  return points.some((point) => point[3] !== undefined)
}
