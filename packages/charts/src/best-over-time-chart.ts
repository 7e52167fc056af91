import type { ChartModel, ChartPoint, ChartTexts } from './model.ts'

/** The best from one day on. */
export interface BestSince {
  /** `2026-12-01`, UTC. */
  readonly date: string
  /** Share in [0, 1]. */
  readonly top1: number
  /** Whose it is. */
  readonly name: string
}

export interface BestOverTime {
  /** Such as `up to 10 M MACs`. */
  readonly name: string
  /** Oldest first. */
  readonly points: readonly BestSince[]
}

export interface BestOverTimeOptions extends ChartTexts {
  /** The day on which the lines end. */
  readonly until: string
}

/**
 * The best accuracy within each of some budgets, over time: a line that steps on the day on which something better was
 * published, with a mark at each step.
 *
 * @param all in the order of the legend, at least one, each with a point
 */
export function bestOverTimeChart(
  all: readonly BestOverTime[],
  { until, ...texts }: BestOverTimeOptions,
): ChartModel {
  const first = Math.min(...all.flatMap(({ points }) => points.map(({ date }) => daysOf(date))))
  const last = Math.max(daysOf(until), first + 1)
  // For the dates of the first and the last day, which are written under them.
  const room = 0.06 * (last - first)
  return {
    ...texts,
    x: { label: 'day, UTC', format: 'day', domain: [first - room, last + room] },
    y: { label: 'best top-1 accuracy (%)', errorLabel: 'least top-1 error (%)', format: 'percent' },
    series: all.flatMap(({ name, points }, i) => {
      const style = { colour: i, symbol: i, group: name }
      return [
        { ...style, key: `${name} steps`, name, marks: 'none' as const, points: steps(points, last) },
        {
          ...style,
          key: name,
          name,
          kind: 'marks' as const,
          labels: points.map((point) => point.name),
          points: points.map(({ date, top1 }): ChartPoint => [daysOf(date), top1]),
        },
      ]
    }),
  }
}

/** Level until the day of the next, then up. */
function steps(points: readonly BestSince[], last: number): ChartPoint[] {
  const corners = points.flatMap(({ date, top1 }, i): ChartPoint[] => {
    const before = points[i - 1]
    return before
      ? [
          [daysOf(date), before.top1],
          [daysOf(date), top1],
        ]
      : [[daysOf(date), top1]]
  })
  return [...corners, [last, points.at(-1)?.top1 ?? 0]]
}

function daysOf(date: string): number {
  return Math.round(Date.parse(`${date}T00:00:00.000Z`) / 86_400_000)
}
