import type { ChartModel, ChartPoint, ChartTexts } from './model.ts'

/** An exit on a frontier. */
export interface FrontierMark {
  readonly name: string
  readonly k: number
  /** Multiply-accumulates an image, above 0. */
  readonly macs: number
  /** Share in [0, 1]. */
  readonly top1: number
}

export interface Frontier {
  /** Such as the day that it is of. */
  readonly name: string
  /** Cheapest first. */
  readonly points: readonly FrontierMark[]
}

/**
 * The frontier of one track at different dates, each drawn as a staircase: between two exits the best available accuracy
 * is that of the cheaper one. All of them extend to the most expensive exit of any date.
 *
 * @param frontiers in the order of the legend
 */
export function frontiersChart(frontiers: readonly Frontier[], texts: ChartTexts): ChartModel {
  const dearest = Math.max(...frontiers.flatMap(({ points }) => points.map(({ macs }) => macs)))
  return {
    ...texts,
    x: { label: 'MACs per image, all heads up to the exit', unit: 'MACs', format: 'si' },
    y: { label: 'top-1 accuracy (%)', errorLabel: 'top-1 error (%)', format: 'percent' },
    series: frontiers.flatMap(({ name, points }, i) => {
      const style = { colour: i, symbol: i, group: name }
      return [
        { ...style, key: `${name} steps`, name, marks: 'none' as const, points: staircase(points, dearest) },
        {
          ...style,
          key: name,
          name,
          kind: 'marks' as const,
          labels: points.map((point) => `${point.name}, exit ${point.k}`),
          points: points.map(({ macs, top1 }): ChartPoint => [macs, top1]),
        },
      ]
    }),
  }
}

/** From each exit level to the next one's cost, then up. */
function staircase(points: readonly FrontierMark[], dearest: number): ChartPoint[] {
  const corners = points.flatMap(({ macs, top1 }, i): ChartPoint[] => {
    const before = points[i - 1]
    return before
      ? [
          [macs, before.top1],
          [macs, top1],
        ]
      : [[macs, top1]]
  })
  const last = points.at(-1)
  return last && last.macs < dearest ? [...corners, [dearest, last.top1]] : corners
}
