import { dashAttribute } from './dashes.ts'
import { escapeText } from './markup.ts'
import { type ChartModel, type ChartView, legendKey, type SeriesModel, type SeriesStyle } from './model.ts'
import { seriesColour } from './palette.ts'
import { plotContent } from './plot.ts'
import { isShown } from './scales.ts'
import { symbolPath } from './symbols.ts'

/**
 * A chart as HTML for a page that has `chart.css`: legend, axes and one SVG that fits any width, its texts as large as
 * the page's. Colours come from `currentColor` and CSS variables, so the same bytes work in light and dark. Equal input
 * is equal output.
 */
export function chartMarkup(model: ChartModel, view: ChartView = {}): string {
  return `<div class="chart" data-chart="${escapeText(model.id)}">${legendMarkup(model)}<p class="chart-y">${escapeText(yLabel(model, view))}</p><div class="chart-plot">${plotMarkup(model, view)}</div><p class="chart-x">${escapeText(model.x.label)} →</p></div>`
}

/** What the vertical axis shows. */
export function yLabel({ y }: ChartModel, { error }: ChartView): string {
  return `↑ ${error ? (y.errorLabel ?? y.label) : y.label}`
}

/** The frame with all that is in it. */
export function plotMarkup(model: ChartModel, view: ChartView): string {
  const id = escapeText(model.id)
  const content = plotContent(model, view, {
    colour: seriesColour,
    surface: 'var(--chart-surface)',
    ink: 'currentColor',
  })
  return `<svg role="img" aria-labelledby="${id}-title" aria-describedby="${id}-desc"><title id="${id}-title">${escapeText(model.title)}</title><desc id="${id}-desc">${escapeText(model.description)}</desc>${content}</svg>`
}

/** One of each that shares a line of the legend. */
export function legendSeries({ series }: ChartModel): readonly SeriesModel[] {
  const seen = new Set<string>()
  return series.filter((one) => {
    const isNew = !seen.has(legendKey(one))
    seen.add(legendKey(one))
    return isNew
  })
}

function legendMarkup(model: ChartModel): string {
  const series = legendSeries(model)
  if (series.length === 0) return ''
  const items = series.map((one) => {
    const key = escapeText(legendKey(one))
    return `<li data-legend="${key}">${legendMark(one, seriesColour(one.colour))}${escapeText(one.group ?? one.name)}</li>`
  })
  return `<ul class="chart-legend">${items.join('')}</ul>`
}

/** How a series looks, as a small picture for legends and tables. */
export function legendMark(
  { symbol, dash, kind, marks, faint }: SeriesStyle & Pick<SeriesModel, 'kind' | 'marks' | 'faint'>,
  colour: string,
): string {
  const frame = '<svg width="34" height="14" viewBox="-17 -7 34 14" aria-hidden="true">'
  if (faint) {
    return `${frame}<path d="M-11 0H11M0 0h0" stroke="currentColor" stroke-opacity=".4" stroke-linecap="round"/></svg>`
  }
  if (kind === 'area') return `${frame}<path d="M-9-5H9V5H-9Z" fill="${colour}" fill-opacity=".75"/></svg>`
  if (typeof symbol === 'string') {
    return `${frame}<path d="${symbolPath(symbol, 64)}" fill="none" stroke="currentColor" stroke-width="1.5"/></svg>`
  }
  const line =
    kind === 'marks' ? '' : `<path d="M-17 0H17" stroke="${colour}" stroke-width="2"${dashAttribute(dash)}/>`
  const mark = marks === 'none' ? '' : `<path d="${symbolPath(symbol, 64)}" fill="${colour}"/>`
  return `${frame}${line}${mark}</svg>`
}

/** Whether anything of a line of the legend is drawn. */
export function isLegendShown(model: ChartModel, key: string, view: ChartView): boolean {
  return model.series.some((series) => legendKey(series) === key && isShown(series, view))
}
