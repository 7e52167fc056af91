import { seriesColour } from './palette.ts'
import { aloneSymbol, seriesSymbol, symbolPath } from './symbols.ts'

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

export interface LegendContent {
  readonly series: readonly string[]
  /** Which colour and mark each has. @default its place */
  readonly indices?: readonly number[] | undefined
  /** Name of the hollow marks, last in the legend. */
  readonly alone?: string | undefined
}

const namesOf = ({ series, alone }: LegendContent) => (alone === undefined ? series : [...series, alone])

/** Pixels that the legend takes above the plot. */
export function legendHeight(content: LegendContent, width: number): number {
  return layout(namesOf(content), width).rows * rowHeight
}

/** Adds a mark and a name for each series, above the plot, where nothing can overlap. */
export function addLegend(svg: Element, content: LegendContent, width: number): void {
  const names = namesOf(content)
  const { columns, columnWidth } = layout(names, width)
  const create = (name: string, attributes: Readonly<Record<string, string | number>>) => {
    const element = svg.ownerDocument.createElementNS('http://www.w3.org/2000/svg', name)
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value))
    return element
  }
  const legend = create('g', { class: 'legend' })
  names.forEach((name, i) => {
    const x = 8 + (i % columns) * columnWidth
    const y = Math.floor(i / columns) * rowHeight + rowHeight / 2
    const index = content.indices?.[i] ?? i
    const colour = seriesColour(index)
    const row = create('g', { transform: `translate(${x},${y})` })
    const place = { transform: 'translate(11,0)' }
    if (i < content.series.length) {
      row.append(
        create('line', { x2: 22, stroke: colour, 'stroke-width': 2 }),
        create('path', { d: symbolPath(seriesSymbol(index), 64), ...place, fill: colour }),
      )
    } else {
      const hollow = { fill: 'none', stroke: 'currentColor', 'stroke-width': 1.5 }
      row.append(create('path', { d: symbolPath(aloneSymbol, 64), ...place, ...hollow }))
    }
    const text = create('text', { x: 29, dy: '0.35em', fill: 'currentColor', 'text-anchor': 'start' })
    text.textContent = name
    row.append(text)
    legend.append(row)
  })
  svg.append(legend)
}
