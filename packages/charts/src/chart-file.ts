import { legendMark, legendSeries, yLabel } from './chart-markup.ts'
import { escapeText, short } from './markup.ts'
import type { ChartModel, ChartView } from './model.ts'
import { printedColour } from './palette.ts'
import { plotContent } from './plot.ts'
import { isShown } from './scales.ts'

export interface ChartFileOptions {
  /** Pixels. @default 880 */
  readonly width?: number
  readonly view?: ChartView
}

const ink = '#1b1b1f'
const paper = '#ffffff'
const rowHeight = 20
const characterWidth = 7
const markWidth = 42
const edge = { left: 52, right: 20, bottom: 52 }

/**
 * A chart as an SVG file that needs nothing around it: dark on white, with its legend, in pixels and plain colours, so that
 * programs that print read it too. Equal input is equal output.
 */
export function chartFile(model: ChartModel, { width = 880, view = {} }: ChartFileOptions = {}): string {
  const legend = legendOf(model, view, width)
  const above = legend.height + 34
  const size = { width: width - edge.left - edge.right, height: width < 600 ? 280 : 380 }
  const height = above + size.height + edge.bottom
  const id = escapeText(model.id)
  const sheet = { size, colour: printedColour, surface: paper, ink }
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="${id}-title" aria-describedby="${id}-desc" font-family="system-ui, sans-serif" font-size="12" fill="${ink}">`,
    `<title id="${id}-title">${escapeText(model.title)}</title><desc id="${id}-desc">${escapeText(model.description)}</desc>`,
    `<rect width="${width}" height="${height}" fill="${paper}"/>`,
    legend.markup,
    `<text x="8" y="${above - 14}">${escapeText(yLabel(model, view))}</text>`,
    `<text x="${width - edge.right}" y="${height - 10}" text-anchor="end">${escapeText(model.x.label)} →</text>`,
    `<svg x="${edge.left}" y="${above}" width="${size.width}" height="${size.height}" overflow="visible">${plotContent(model, view, sheet)}</svg>`,
    '</svg>\n',
  ].join('')
}

/** Columns as wide as the longest name may need: nobody measures a font here. */
function legendOf(model: ChartModel, view: ChartView, width: number) {
  const series = legendSeries(model).filter((one) => isShown(one, view))
  const longest = Math.max(0, ...series.map(({ name, group }) => (group ?? name).length))
  const column = markWidth + longest * characterWidth + 12
  const columns = Math.max(1, Math.min(series.length, Math.floor((width - 16) / column)))
  const rows = series.map((one, i) => {
    const x = 8 + (i % columns) * column
    const y = 8 + Math.floor(i / columns) * rowHeight
    // The mark is a small picture of its own, which is put at its place.
    const mark = legendMark(one, printedColour(one.colour)).replace(
      '<svg',
      `<svg x="${short(x)}" y="${y}" color="${ink}"`,
    )
    return `${mark}<text x="${short(x + markWidth)}" y="${y + 11}">${escapeText(one.group ?? one.name)}</text>`
  })
  return { markup: rows.join(''), height: 8 + Math.ceil(series.length / columns) * rowHeight }
}
