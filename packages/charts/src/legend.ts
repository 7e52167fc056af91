import { seriesColour } from './palette.ts'
import { seriesSymbol, symbolPath } from './symbols.ts'

const rowHeight = 20
const characterWidth = 7.2
const markWidth = 34

interface Layout {
  readonly columns: number
  readonly columnWidth: number
  readonly rows: number
}

/** Columns as wide as the longest name may need: there are no font metrics on a server. */
function layout(series: readonly string[], width: number): Layout {
  const longest = Math.max(0, ...series.map((name) => name.length))
  const columnWidth = markWidth + longest * characterWidth + 12
  const columns = Math.max(1, Math.min(series.length, Math.floor((width - 16) / columnWidth)))
  return { columns, columnWidth, rows: Math.ceil(series.length / columns) }
}

/** Pixels that the legend takes above the plot. */
export function legendHeight(series: readonly string[], width: number): number {
  return layout(series, width).rows * rowHeight
}

/** Adds a mark and a name for each series, above the plot, where nothing can overlap. */
export function addLegend(svg: Element, series: readonly string[], width: number): void {
  const { columns, columnWidth } = layout(series, width)
  const create = (name: string, attributes: Readonly<Record<string, string | number>>) => {
    const element = svg.ownerDocument.createElementNS('http://www.w3.org/2000/svg', name)
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value))
    return element
  }
  const legend = create('g', { class: 'legend' })
  series.forEach((name, i) => {
    const x = 8 + (i % columns) * columnWidth
    const y = Math.floor(i / columns) * rowHeight + rowHeight / 2
    const colour = seriesColour(i)
    const row = create('g', { transform: `translate(${x},${y})` })
    row.append(
      create('line', { x2: 22, stroke: colour, 'stroke-width': 2 }),
      create('path', { d: symbolPath(seriesSymbol(i), 64), transform: 'translate(11,0)', fill: colour }),
    )
    const text = create('text', { x: 29, dy: '0.35em', fill: 'currentColor', 'text-anchor': 'start' })
    text.textContent = name
    row.append(text)
    legend.append(row)
  })
  svg.append(legend)
}
