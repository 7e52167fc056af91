import { dashAttribute } from './dashes.ts'
import { escapeText, short } from './markup.ts'
import type { ChartModel, ChartPoint, ChartView, GuideModel, SeriesModel } from './model.ts'
import { chartScales, isShown, type Scales, shownPoint } from './scales.ts'
import { sideBySide } from './side-by-side.ts'
import { symbolPath } from './symbols.ts'
import { tickText } from './value-text.ts'

/** What a drawing is made on. */
export interface Sheet {
  /** Pixels of the frame. Without them it is drawn in percent, and fits whatever place it gets; texts and marks do not scale. */
  readonly size?: { readonly width: number; readonly height: number }
  /** Of a series, by its place in the palette. */
  colour(index: number): string
  /** Behind everything. */
  readonly surface: string
  /** Of texts and of what has no colour of its own. */
  readonly ink: string
}

/** Grid of the lines in a drawing that is stretched: fine enough for a wide screen. */
const grid = 1000

/** What is inside the frame of a chart, and the ticks beside it: the content of an `<svg>` that is as large as the frame. */
export function plotContent(model: ChartModel, view: ChartView, sheet: Sheet): string {
  const scales = chartScales(model, view)
  const pen = penOf(scales, sheet)
  const shown = model.series.filter((series) => isShown(series, view))
  const symbols = [...new Set(shown.filter(hasMarks).map(({ symbol }) => symbol))]
  const offsets = sideBySide(model.series)
  return [
    `<defs>${symbols.map((symbol) => `<path id="${symbolId(model, symbol)}" d="${symbolPath(symbol, 64)}"/>`).join('')}</defs>`,
    gridLines(model, scales, pen, sheet),
    group(
      shown.filter(({ faint }) => faint),
      'class="faint" opacity=".35"',
    ),
    ...(model.guides ?? []).map((guide) => guideLine(guide, scales, view, pen, sheet)),
    group(
      shown.filter(({ faint }) => !faint),
      '',
    ),
  ].join('')

  function group(series: readonly SeriesModel[], attributes: string): string {
    if (series.length === 0) return ''
    const drawn = series.map((one) => drawSeries(one, offsets.get(one.key) ?? 0))
    return `<g${attributes && ` ${attributes}`}>${drawn.join('')}</g>`
  }

  function drawSeries(series: SeriesModel, offset: number): string {
    const points = series.points.map((point) => shownPoint(point, view))
    const hollow = typeof series.symbol === 'string'
    const colour = series.faint || hollow ? sheet.ink : sheet.colour(series.colour)
    const attributes = [
      `data-key="${escapeText(series.key)}"`,
      `stroke="${colour}"`,
      `fill="${hollow ? sheet.surface : colour}"`,
      ...(offset === 0 ? [] : [`transform="translate(${short(offset)})"`]),
    ]
    const lines = pen.sheet(seriesLines(series, points))
    return `<g ${attributes.join(' ')}>${lines}${hasMarks(series) ? marksOf(series, points) : ''}</g>`
  }

  function seriesLines(series: SeriesModel, points: readonly ChartPoint[]): string {
    const { kind = 'line', faint, interval = 'bars' } = series
    const withInterval = points.filter((point): point is Required<ChartPoint> => point[3] !== undefined)
    const paths: string[] = []
    if (kind === 'area' || (interval !== 'bars' && !view.plain && !faint)) {
      const upper = withInterval.map(([x, , , top]) => pen.at(x, top))
      const lower = withInterval.map(([x, , bottom]) => pen.at(x, bottom)).reverse()
      const opacity = kind === 'area' ? 0.75 : 0.1
      if (upper.length > 0)
        paths.push(pen.path(`M${[...upper, ...lower].join('L')}Z`, `stroke="none" fill-opacity="${opacity}"`))
    }
    if (faint) {
      // Points of a line without length: a dot in a few bytes, of which there may be hundreds.
      const dots = pen.dots(points.filter(scales.inside))
      if (dots !== '') paths.push(pen.path(dots, 'fill="none" stroke-width="4" stroke-linecap="round"'))
    } else if (kind !== 'area' && !view.plain && interval !== 'band') {
      const bars = withInterval.filter(([x]) => scales.inside([x, scales.y.domain[0]]))
      const d = bars.map(([x, , bottom, top]) => `M${pen.at(x, bottom)}L${pen.at(x, top)}`)
      if (d.length > 0)
        paths.push(
          pen.path(
            d.join(''),
            `fill="none" stroke-width="1.5"${series.symbol === 'alone' ? ' stroke-opacity=".6"' : ''}`,
          ),
        )
    }
    if (kind === 'line' && points.length > 1) {
      const style = `fill="none" stroke-width="${faint ? 1 : 2}"${faint ? '' : dashAttribute(series.dash)}`
      paths.push(pen.path(`M${points.map(([x, y]) => pen.at(x, y)).join('L')}`, style))
    }
    return paths.join('')
  }

  function marksOf(series: SeriesModel, points: readonly ChartPoint[]): string {
    const from = series.marks === 'last' ? points.length - 1 : 0
    const href = `href="#${symbolId(model, series.symbol)}"`
    const uses = points.flatMap((point, i) => {
      if (i < from || !scales.inside(point)) return []
      const place = pen.place(point)
      const size = series.sizes?.[i]
      if (size === undefined) return [`<use ${href} ${place}/>`]
      return [`<svg ${place} overflow="visible"><use ${href} transform="scale(${short(size)})"/></svg>`]
    })
    const outline =
      typeof series.symbol === 'number'
        ? `stroke="${sheet.surface}"`
        : `stroke-width="1.5"${series.symbol === 'published' ? ' stroke-opacity=".6" fill="none"' : ''}`
    return uses.length === 0 ? '' : `<g ${outline}>${uses.join('')}</g>`
  }
}

/** Series without marks of their own: areas, lines alone, and the faint ones, whose dots are part of a line. */
function hasMarks({ kind, marks, faint }: SeriesModel): boolean {
  return kind !== 'area' && marks !== 'none' && !faint
}

function symbolId({ id }: ChartModel, symbol: SeriesModel['symbol']): string {
  return `${id}-${symbol}`
}

interface Pen {
  /** A corner of a path. */
  at(x: number, y: number): string
  /** Lines without length, each from the one before: steps compress far better than places. */
  dots(points: readonly ChartPoint[]): string
  path(d: string, attributes: string): string
  /** Cuts off what leaves the frame. */
  sheet(paths: string): string
  /** Attributes that put a mark at a point. */
  place(point: ChartPoint): string
  /** Lengths along the axes, from the left and from the top. */
  across(x: number): string
  down(y: number): string
}

function penOf({ x: xScale, y: yScale }: Scales, { size }: Sheet): Pen {
  const { width, height } = size ?? { width: grid, height: grid }
  const across = (x: number) => (size ? String(short(width * xScale.at(x))) : `${short(100 * xScale.at(x))}%`)
  const down = (y: number) =>
    size ? String(short(height * (1 - yScale.at(y)))) : `${short(100 * (1 - yScale.at(y)))}%`
  const fine = (value: number) => Math.round(10 * value) / 10
  return {
    across,
    down,
    place: ([x, y]) => `x="${across(x)}" y="${down(y)}"`,
    dots(points) {
      let [fromX, fromY] = [0, 0]
      return points
        .map(([x, y]) => {
          const [toX, toY] = [Math.round(width * xScale.at(x)), Math.round(height * (1 - yScale.at(y)))]
          const step = `m${toX - fromX} ${toY - fromY}h0`
          ;[fromX, fromY] = [toX, toY]
          return step
        })
        .join('')
    },
    at: (x, y) => `${fine(width * xScale.at(x))} ${fine(height * (1 - yScale.at(y)))}`,
    path: (d, attributes) =>
      `<path d="${d}" ${attributes}${size ? '' : ' vector-effect="non-scaling-stroke"'}/>`,
    sheet: (paths) =>
      paths === ''
        ? ''
        : size
          ? `<svg width="${width}" height="${height}">${paths}</svg>`
          : `<svg viewBox="0 0 ${grid} ${grid}" preserveAspectRatio="none">${paths}</svg>`,
  }
}

function gridLines(model: ChartModel, { x, y }: Scales, pen: Pen, { ink, size }: Sheet): string {
  const few = new Set(x.fewTicks)
  const end = size ? { x: size.width, y: size.height } : { x: '100%', y: '100%' }
  const lines = [
    ...x.ticks.map((tick) => `<line x1="${pen.across(tick)}" x2="${pen.across(tick)}" y2="${end.y}"/>`),
    ...y.ticks.map((tick) => `<line y1="${pen.down(tick)}" y2="${pen.down(tick)}" x2="${end.x}"/>`),
  ]
  const texts = [
    ...y.ticks.map(
      (tick) =>
        `<text y="${pen.down(tick)}" dx="-.6em" dy=".32em" text-anchor="end">${tickText(tick, model.y.format)}</text>`,
    ),
    ...x.ticks.map(
      (tick) =>
        `<text x="${pen.across(tick)}" y="${end.y}" dy="1.5em" text-anchor="middle"${few.has(tick) ? '' : ' class="more"'}>${tickText(tick, model.x.format)}</text>`,
    ),
  ]
  return `<g stroke="${ink}" stroke-opacity=".12">${lines.join('')}</g><g fill="${ink}" class="ticks">${texts.join('')}</g>`
}

function guideLine(
  { kind, points }: GuideModel,
  { x }: Scales,
  view: ChartView,
  pen: Pen,
  { ink }: Sheet,
): string {
  const corners = points
    .map((point) => shownPoint(point, view))
    .map(([px, py], i, all) => {
      const before = all[i - 1]
      return kind === 'steps' && before ? `${pen.at(px, before[1])}L${pen.at(px, py)}` : pen.at(px, py)
    })
  const last = points.at(-1)
  if (!last) return ''
  // What the dearest point gives can also be had for more.
  if (kind === 'steps') corners.push(pen.at(Math.max(x.domain[1], last[0]), shownPoint(last, view)[1]))
  const style = `fill="none" stroke="${ink}" stroke-opacity=".5" stroke-width="1.25" stroke-dasharray="2 3"`
  return pen.sheet(pen.path(`M${corners.join('L')}`, style))
}
