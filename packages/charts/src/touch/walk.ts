import { type ChartModel, type ChartPoint, type ChartView, legendKey, type SeriesModel } from '../model.ts'
import { chartScales, isShown, shownPoint } from '../scales.ts'
import { sideBySide } from '../side-by-side.ts'

/** A point that is drawn. */
export interface Stop {
  readonly series: SeriesModel
  /** Of the point, in its series. */
  readonly index: number
  /** In [0, 1], from the left and from the top. */
  readonly left: number
  readonly top: number
  /** Pixels to the right of that, beside others of the same cost. */
  readonly offset: number
}

/** Every point inside the frame that has a name, series by series in the order of the legend. */
export function stopsOf(model: ChartModel, view: ChartView): readonly Stop[] {
  const scales = chartScales(model, view)
  const offsets = sideBySide(model.series)
  return model.series
    .filter((series) => isShown(series, view) && !isCloud(series))
    .flatMap((series) =>
      series.points.flatMap((point, index) => {
        const drawn = placed(shownPoint(point, view), series)
        if (!scales.inside(drawn)) return []
        const [left, top] = [scales.x.at(drawn[0]), 1 - scales.y.at(drawn[1])]
        return [{ series, index, left, top, offset: offsets.get(series.key) ?? 0 }]
      }),
    )
}

/** In an area, the middle of its layer. */
function placed([x, y, lower, upper]: ChartPoint, { kind }: SeriesModel): ChartPoint {
  return kind === 'area' ? [x, ((lower ?? y) + (upper ?? y)) / 2] : [x, y]
}

/** Dots of nobody in particular. */
function isCloud(series: SeriesModel): boolean {
  return series.faint === true && series.key === legendKey(series)
}

const moves: Readonly<Record<string, (stops: readonly Stop[], at: number) => number | undefined>> = {
  ArrowRight: (_, at) => at + 1,
  ArrowLeft: (_, at) => at - 1,
  ArrowDown: (stops, at) => beside(stops, at, 1),
  ArrowUp: (stops, at) => beside(stops, at, -1),
  Home: () => 0,
  End: (stops) => stops.length - 1,
}

/**
 * Where a key leads: left and right through all points, up and down to the series before or behind, at the cost that is
 * nearest.
 *
 * @returns undefined for a key that leads nowhere
 */
export function nextStop(stops: readonly Stop[], at: number, key: string): number | undefined {
  const to = moves[key]?.(stops, at)
  return to === undefined ? undefined : Math.min(stops.length - 1, Math.max(0, to))
}

function beside(stops: readonly Stop[], at: number, step: 1 | -1): number {
  const here = stops[at]
  if (!here) return 0
  const series = [...new Set(stops.map((stop) => stop.series))]
  const other = series[series.indexOf(here.series) + step]
  const there = [...stops.entries()].filter(([, stop]) => stop.series === other)
  const distance = (stop: Stop) => Math.abs(stop.left - here.left)
  return there.sort(([, a], [, b]) => distance(a) - distance(b))[0]?.[0] ?? at
}

/** The point that is nearest to a place in the frame, in pixels; undefined where none is within reach. */
export function nearestStop(
  stops: readonly Stop[],
  place: { readonly left: number; readonly top: number },
  size: { readonly width: number; readonly height: number },
  reach = 28,
): number | undefined {
  let best: number | undefined
  let least = reach
  for (const [i, { left, top, offset, series }] of stops.entries()) {
    const distance = Math.hypot(left * size.width + offset - place.left, top * size.height - place.top)
    // What is drawn in colour is meant before what is behind it.
    const cost = distance + (series.faint ? 6 : 0)
    if (cost < least) [best, least] = [i, cost]
  }
  return best
}
