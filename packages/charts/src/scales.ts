import { linearDomain, linearTicks, logDomain, logTicks, shareDomain } from './axis.ts'
import { type AxisModel, type ChartModel, type ChartPoint, type ChartView, legendKey } from './model.ts'

export interface Scale {
  readonly domain: readonly [low: number, high: number]
  readonly log: boolean
  readonly ticks: readonly number[]
  /** Those that a narrow drawing has room for. */
  readonly fewTicks: readonly number[]
  /** Place of a value: 0 at the start of the axis, 1 at its end. */
  at(value: number): number
  /** The value at a place. */
  value(place: number): number
}

export interface Scales {
  readonly x: Scale
  readonly y: Scale
  /** Whether a point, as it is shown, lies inside the frame. */
  inside(point: ChartPoint): boolean
}

/** Axes of a chart as a reader looks at it. */
export function chartScales(model: ChartModel, view: ChartView = {}): Scales {
  // Of faint series no interval is drawn: none may stretch the axis.
  const points = model.series.flatMap(({ faint, points }) =>
    points.map((point) => shownPoint(faint ? [point[0], point[1]] : point, view)),
  )
  const log = model.x.format === 'si' && !view.linear
  const x = scale(view.range ?? xDomain(model.x, points, log), log, model.x.format)
  // What a reader zooms into fills the frame from bottom to top, too.
  const within = view.range ? points.filter((point) => x.at(point[0]) >= 0 && x.at(point[0]) <= 1) : points
  const seen = within.length > 0 ? within : points
  const y = scale(view.range || !model.y.domain ? yDomain(seen) : shownDomain(model, view), false, 'percent')
  const isInside = (place: number) => place >= -1e-9 && place <= 1 + 1e-9
  return { x, y, inside: (point) => isInside(x.at(point[0])) && isInside(y.at(point[1])) }
}

/** A point as it is drawn: errors where they are asked for, the lower end below the upper one. */
export function shownPoint(point: ChartPoint, { error }: ChartView): ChartPoint {
  if (!error) return point
  const [x, y, lower, upper] = point
  return lower === undefined || upper === undefined ? [x, 1 - y] : [x, 1 - y, 1 - upper, 1 - lower]
}

/** True for a series that a reader has not hidden. */
export function isShown(series: Parameters<typeof legendKey>[0], { hidden = [] }: ChartView): boolean {
  return !hidden.includes(legendKey(series))
}

function shownDomain({ y }: ChartModel, { error }: ChartView): readonly [number, number] {
  const [low, high] = y.domain ?? [0, 1]
  return error ? [1 - high, 1 - low] : [low, high]
}

function xDomain({ domain, format }: AxisModel, points: readonly ChartPoint[], log: boolean) {
  if (domain) return domain
  const values = points.map(([x]) => x)
  if (values.length === 0) return [1, 10] as const
  if (log) return logDomain(values)
  return linearDomain(values, format === 'si' ? 0 : undefined)
}

function yDomain(points: readonly ChartPoint[]): readonly [number, number] {
  if (points.length === 0) return [0, 1]
  return shareDomain(points.flatMap(([, y, lower = y, upper = y]) => [lower, upper]))
}

function scale(domain: readonly [number, number], log: boolean, format: AxisModel['format']): Scale {
  const [low, high] = log ? [Math.log(domain[0]), Math.log(domain[1])] : domain
  const length = high - low || 1
  const ticks = log
    ? logTicks(domain[0], domain[1], 9)
    : linearTicks(
        domain[0],
        domain[1],
        format === 'percent' || format === 'day' ? 7 : 9,
        format === 'whole' || format === 'day',
      )
  // A date is wide.
  const every = Math.ceil(ticks.length / (format === 'day' ? 2 : 4))
  return {
    domain,
    log,
    ticks,
    fewTicks: log ? logTicks(domain[0], domain[1], 5) : ticks.filter((_, i) => i % every === 0),
    at: (value) => ((log ? Math.log(value) : value) - low) / length,
    value: (place) => (log ? Math.exp(low + place * length) : low + place * length),
  }
}
