import { shortPercent } from '@mate-bench/schema/numbers'
import { escapeText, short } from './markup.ts'
import { printedColour, seriesColour } from './palette.ts'

/** A difference with its interval, in shares of one. */
export interface DrawnDifference {
  readonly difference: number
  readonly lower: number
  readonly upper: number
  /** Significantly different from none: filled. Others are hollow. */
  readonly apart: boolean
}

export interface DifferenceRow {
  readonly name: string
  /** One a panel; null where there is none. */
  readonly cells: readonly (DrawnDifference | null)[]
  /** Drawn in the second colour, with a bold name. */
  readonly highlighted?: boolean
}

export interface DifferenceChartOptions {
  /** Begins the ids inside: unique in a page. */
  readonly id: string
  readonly title: string
  readonly description: string
  readonly panels: readonly string[]
  /** Under the axes. */
  readonly label: string
  /** A file that needs nothing around it, instead of markup that takes its colours from a page. */
  readonly file?: boolean
}

const rowHeight = 17
const nameWidth = 180
const panelWidth = 232
const gap = 44
const above = 28
const below = 44

/**
 * Differences from zero with their intervals: a row an entry, a panel an exit, one scale. It is as wide as it is, so that names
 * and rows stay readable; a narrow page scrolls it. Equal input is equal output.
 */
export function differenceChart(rows: readonly DifferenceRow[], options: DifferenceChartOptions): string {
  const { panels, file = false } = options
  const id = escapeText(options.id)
  const ink = file ? '#1b1b1f' : 'currentColor'
  const colour = file ? printedColour : seriesColour
  const width = nameWidth + panels.length * (panelWidth + gap)
  const bottom = above + rows.length * rowHeight
  const height = bottom + below
  const scale = scaleOf(rows)
  const parts = [
    `<title id="${id}-title">${escapeText(options.title)}</title><desc id="${id}-desc">${escapeText(options.description)}</desc>`,
    file ? `<rect width="${width}" height="${height}" fill="#ffffff"/>` : '',
  ]
  rows.forEach(({ name, highlighted }, i) => {
    const y = above + (i + 0.5) * rowHeight
    if (i % 2 === 0) {
      parts.push(
        `<rect x="0" y="${short(y - rowHeight / 2)}" width="${width}" height="${rowHeight}" fill="${ink}" fill-opacity=".04"/>`,
      )
    }
    parts.push(
      `<text x="${nameWidth - 10}" y="${short(y + 4)}" text-anchor="end"${highlighted ? ' font-weight="700"' : ''}>${escapeText(name)}</text>`,
    )
  })
  panels.forEach((panel, p) => {
    const left = nameWidth + p * (panelWidth + gap)
    const x = (value: number) => short(left + ((value - scale.low) / (scale.high - scale.low)) * panelWidth)
    parts.push(
      `<text x="${short(left + panelWidth / 2)}" y="16" text-anchor="middle" font-weight="600">${escapeText(panel)}</text>`,
    )
    for (const tick of scale.ticks) {
      const opacity = tick === 0 ? '.55' : '.14'
      parts.push(
        `<path d="M${x(tick)} ${above}V${bottom}" stroke="${ink}" stroke-opacity="${opacity}"/><text x="${x(tick)}" y="${bottom + 15}" text-anchor="middle">${signed(tick)}</text>`,
      )
    }
    rows.forEach(({ cells, highlighted }, i) => {
      const cell = cells[p]
      if (!cell) return
      const y = short(above + (i + 0.5) * rowHeight)
      const own = colour(highlighted ? 1 : 0)
      const inside = (value: number) => x(Math.min(scale.high, Math.max(scale.low, value)))
      parts.push(
        `<path d="M${inside(cell.lower)} ${y}H${inside(cell.upper)}" stroke="${own}" stroke-width="2"/>`,
        `<circle cx="${inside(cell.difference)}" cy="${y}" r="3.6" fill="${cell.apart ? own : file ? '#ffffff' : 'var(--chart-surface)'}" stroke="${own}" stroke-width="1.6"/>`,
      )
    })
  })
  parts.push(
    `<text x="${width - gap}" y="${height - 8}" text-anchor="end">${escapeText(options.label)} →</text>`,
  )
  const frame = `width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="${id}-title" aria-describedby="${id}-desc" font-family="system-ui, sans-serif" font-size="12" fill="${ink}"`
  return file
    ? `<svg xmlns="http://www.w3.org/2000/svg" ${frame}>${parts.join('\n')}</svg>\n`
    : `<svg ${frame}>${parts.join('')}</svg>`
}

interface Scale {
  readonly low: number
  readonly high: number
  readonly ticks: readonly number[]
}

/** Around the differences and the middle half of their intervals, in whole steps: a wide interval is cut at the edge. */
function scaleOf(rows: readonly DifferenceRow[]): Scale {
  const cells = rows.flatMap(({ cells: own }) => own.flatMap((cell) => cell ?? []))
  const ends = cells.flatMap(({ difference, lower, upper }) => [
    Math.max(lower, difference - 0.03),
    Math.min(upper, difference + 0.03),
  ])
  const [least, most] = [Math.min(-0.005, ...ends), Math.max(0.005, ...ends)]
  const step = [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5].find((one) => (most - least) / one <= 8) ?? 1
  const [from, to] = [Math.floor(least / step), Math.ceil(most / step)]
  const ticks = Array.from({ length: to - from + 1 }, (_, i) => (from + i) * step)
  return { low: from * step, high: to * step, ticks }
}

/** Points of a hundred. */
function signed(value: number): string {
  return `${value > 0 ? '+' : ''}${shortPercent(value)}`
}
