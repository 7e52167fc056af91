import * as Plot from '@observablehq/plot'
import { parseHTML } from 'linkedom'
import { addLegend, legendHeight } from './legend.ts'

export interface ChartOptions {
  /** Pixels; the height of the whole chart with its legend follows from it. */
  readonly width?: number
  /** Begins the ids inside the SVG: unique in a page. */
  readonly id: string
  /** What the chart is, for people who can't see it. */
  readonly title: string
  /** What it shows: the figures in words, or where they stand. */
  readonly description: string
}

export interface ChartContent {
  /** Height of the plot, without its legend. */
  readonly height: number
  readonly series: readonly string[]
  /** Which colour and mark each has. @default its place */
  readonly indices?: readonly number[]
  /** What the hollow marks of networks of one exit are called; absent where there are none. */
  readonly alone?: string
  /** What the vertical axis shows; stands between legend and plot. */
  readonly yLabel: string
  readonly plot: Plot.PlotOptions
}

export const defaultWidth = 880

const labelHeight = 36
const marginLeft = 56

/**
 * Renders a chart on the server. Colours come from `currentColor` and CSS variables (`--series-1` ..., `--chart-grid`),
 * so the same bytes work in light and dark. Equal input is equal output.
 */
export function renderChart(
  { width = defaultWidth, id, title, description }: ChartOptions,
  content: ChartContent,
): string {
  const { document } = parseHTML('<!doctype html><html><body></body></html>')
  const { series, indices, alone } = content
  const legend = { series, indices, alone }
  const above = legendHeight(legend, width)
  const svg = Plot.plot({
    ...content.plot,
    y: { ...content.plot.y, label: null },
    marks: [...(content.plot.marks ?? []), yLabel(content.yLabel)],
    document: document as unknown as Document,
    className: 'mate-chart',
    width,
    height: content.height + above + labelHeight,
    marginTop: above + labelHeight,
    marginLeft,
    marginBottom: 44,
    // An object: linkedom takes no style as text.
    style: {
      fontFamily: 'system-ui, sans-serif',
      fontSize: '12px',
      background: 'transparent',
      color: 'inherit',
      display: 'block',
      maxWidth: '100%',
      height: 'auto',
    },
  })
  // Inside an image, groups have no role of their own, so they may not be labelled.
  for (const element of svg.querySelectorAll('[aria-label], [aria-description]')) {
    element.removeAttribute('aria-label')
    element.removeAttribute('aria-description')
  }
  // Plot's own style sheet only sizes the image (done above) and names a background of one theme.
  svg.querySelector('style')?.remove()
  describe(svg, { id, title, description })
  addLegend(svg, legend, width)
  return roundNumbers(svg.outerHTML)
}

/** Plot would set the label at the image's edge, where the legend is. */
function yLabel(text: string): Plot.Markish {
  return Plot.text([text], {
    frameAnchor: 'top-left',
    textAnchor: 'start',
    lineAnchor: 'bottom',
    dx: 8 - marginLeft,
    dy: -12,
    fill: 'currentColor',
  })
}

function describe(svg: Element, { id, title, description }: Omit<ChartOptions, 'width'>): void {
  const { ownerDocument } = svg
  const add = (name: 'title' | 'desc', text: string) => {
    const element = ownerDocument.createElementNS('http://www.w3.org/2000/svg', name)
    element.setAttribute('id', `${id}-${name}`)
    element.textContent = text
    return element
  }
  svg.prepend(add('title', title), add('desc', description))
  svg.setAttribute('role', 'img')
  svg.setAttribute('aria-labelledby', `${id}-title`)
  svg.setAttribute('aria-describedby', `${id}-desc`)
  svg.setAttribute('xmlns', 'http://www.w3.org/2000/svg')
}

/** A hundredth of a pixel is enough, and keeps the file small. */
function roundNumbers(svg: string): string {
  return svg.replaceAll(/-?\d+\.\d{3,}(?:e-?\d+)?/g, (digits) => String(Number(Number(digits).toFixed(2))))
}
