import * as Plot from '@observablehq/plot'
import { logDomain, logTicks, shareDomain, shortSi } from './axis.ts'
import { type ChartOptions, defaultWidth, renderChart } from './chart.ts'
import { cutStaircase, type Domain } from './cut-staircase.ts'
import { logAxis } from './log-axis.ts'
import { seriesColour } from './palette.ts'
import { aloneSymbol, seriesSymbol } from './symbols.ts'

/** One exit of an entry. */
export interface ExitPoint {
  readonly k: number
  /** Multiply-accumulates an image, above 0. */
  readonly macs: number
  /** Shares in [0, 1]: mean, and the ends of its interval. */
  readonly top1: number
  readonly lower: number
  readonly upper: number
}

export interface EntrySeries {
  readonly name: string
  /** Shallowest first. A single one is a network of that depth, trained alone: a mark, and no line. */
  readonly exits: readonly ExitPoint[]
}

export interface AccuracyAgainstMacsOptions extends ChartOptions {
  /** FLOPs are 2 x MACs. @default 'macs' */
  readonly unit?: 'macs' | 'flops'
  /** What the costs count. @default 'sequential' */
  readonly cost?: 'sequential' | 'isolated'
  /** Points that no other beats, cheapest first: drawn as a staircase. */
  readonly frontier?: readonly CostedPoint[]
  /** Numbers printed in papers: hollow marks, in no legend and never on the frontier. */
  readonly published?: readonly PublishedPoint[]
}

export interface CostedPoint {
  readonly macs: number
  /** Share in [0, 1]. */
  readonly top1: number
}

export interface PublishedPoint extends CostedPoint {
  readonly label: string
}

/** More bands than these hide one another; bars show the intervals in any case. */
const mostBands = 3
const spreadPixels = 7
const mostSpreadPixels = 36

/**
 * Accuracy against cost on a logarithmic axis: a line an entry, a mark an exit, a bar for each interval. Entries of one exit,
 * what every multi-exit network is held to, are single hollow marks that share one line of the legend.
 * Entries with the same network cost the same: their marks stand side by side, some pixels off their cost.
 *
 * @param entries in the order of the legend
 * @returns one `<svg>` element
 */
export function accuracyAgainstMacs(
  all: readonly EntrySeries[],
  options: AccuracyAgainstMacsOptions,
): string {
  // Colours and shapes go by the place among all, as beside the names in a table.
  const indices = [...all.keys()].filter((i) => all[i]?.exits.length !== 1)
  const entries = indices.map((i) => all[i] as EntrySeries)
  const alone = all.filter(({ exits }) => exits.length === 1)
  const { unit = 'macs', cost = 'sequential', width = defaultWidth, frontier = [], published = [] } = options
  const factor = unit === 'flops' ? 2 : 1
  const points = all.flatMap(({ exits }) => exits)
  const xDomain = logDomain([...points, ...published].map(({ macs }) => factor * macs))
  const yDomain = shareDomain([
    ...points.flatMap(({ lower, upper }) => [lower, upper]),
    ...published.map(({ top1 }) => top1),
  ])
  const offsets = sideBySide(entries)
  const marks = entries.flatMap((entry, i) => {
    const rows = entry.exits.map((exit) => ({ ...exit, x: factor * exit.macs }))
    const index = indices[i] ?? i
    const colour = seriesColour(index)
    const dx = offsets[i] ?? 0
    return [
      ...(entries.length <= mostBands
        ? [Plot.areaY(rows, { x: 'x', y1: 'lower', y2: 'upper', fill: colour, fillOpacity: 0.1, dx })]
        : []),
      Plot.line(rows, { x: 'x', y: 'top1', stroke: colour, strokeWidth: 2, dx }),
      Plot.ruleX(rows, { x: 'x', y1: 'lower', y2: 'upper', stroke: colour, strokeWidth: 1.5, dx }),
      Plot.dot(rows, {
        x: 'x',
        y: 'top1',
        symbol: seriesSymbol(index),
        r: 5,
        fill: colour,
        stroke: 'var(--chart-surface, white)',
        strokeWidth: 1,
        dx,
        title: (row: (typeof rows)[number]) =>
          `${entry.name}, exit ${row.k}\n${percent(row.top1)} % (${percent(row.lower)} to ${percent(row.upper)}) at ${shortSi(row.x)} ${unitName(unit)}`,
      }),
    ]
  })
  return renderChart(options, {
    height: width < 600 ? 340 : 440,
    series: entries.map(({ name }) => name),
    indices,
    ...(alone.length > 0 ? { alone: 'trained alone' } : {}),
    yLabel: '↑ top-1 accuracy (%)',
    plot: {
      marginRight: 24,
      x: { type: 'log', domain: xDomain },
      y: {
        domain: yDomain.map((share) => 100 * share),
        transform: (share: number) => 100 * share,
        grid: true,
      },
      marks: [
        logAxis(
          xDomain,
          width < 600 ? 5 : 9,
          `${unitName(unit)} per image, ${cost === 'sequential' ? 'all heads up to the exit' : 'own head only'} →`,
        ),
        Plot.gridX({ ticks: logTicks(...xDomain, 9), stroke: 'var(--chart-grid, currentColor)' }),
        ...frontierMarks(frontier, factor, xDomain, yDomain),
        ...publishedMarks(published, factor, unit),
        ...aloneMarks(alone, factor, unit),
        ...marks,
      ],
    },
  })
}

/** A staircase: between two points, the best that can be had is the cheaper one's accuracy. */
function frontierMarks(
  frontier: readonly CostedPoint[],
  factor: number,
  xDomain: Domain,
  yDomain: Domain,
): Plot.Markish[] {
  const steps = frontier.map(({ macs, top1 }) => ({ x: factor * macs, y: top1 }))
  const rows = cutStaircase(steps, xDomain, yDomain)
  if (rows.length === 0) return []
  return [
    Plot.line(rows, {
      x: 'x',
      y: 'y',
      stroke: 'currentColor',
      strokeOpacity: 0.45,
      strokeWidth: 1.25,
      strokeDasharray: '2 3',
    }),
  ]
}

function publishedMarks(
  published: readonly PublishedPoint[],
  factor: number,
  unit: 'macs' | 'flops',
): Plot.Markish[] {
  if (published.length === 0) return []
  const rows = published.map(({ macs, top1, label }) => ({ x: factor * macs, top1, label }))
  return [
    Plot.dot(rows, {
      x: 'x',
      y: 'top1',
      r: 4,
      fill: 'none',
      stroke: 'currentColor',
      strokeOpacity: 0.6,
      title: ({ label, top1, x }: (typeof rows)[number]) =>
        `${label}\n${percent(top1)} % at ${shortSi(x)} ${unitName(unit)}, as printed`,
    }),
  ]
}

/** In no colour of a series: any number of them reads as one kind. */
function aloneMarks(alone: readonly EntrySeries[], factor: number, unit: 'macs' | 'flops'): Plot.Markish[] {
  if (alone.length === 0) return []
  const rows = alone.flatMap(({ name, exits }) =>
    exits.map((exit) => ({ ...exit, name, x: factor * exit.macs })),
  )
  return [
    Plot.ruleX(rows, {
      x: 'x',
      y1: 'lower',
      y2: 'upper',
      stroke: 'currentColor',
      strokeOpacity: 0.6,
      strokeWidth: 1.25,
    }),
    Plot.dot(rows, {
      x: 'x',
      y: 'top1',
      symbol: aloneSymbol,
      r: 5.5,
      fill: 'var(--chart-surface, white)',
      stroke: 'currentColor',
      strokeWidth: 1.5,
      title: ({ name, top1, lower, upper, x }: (typeof rows)[number]) =>
        `${name}, trained alone\n${percent(top1)} % (${percent(lower)} to ${percent(upper)}) at ${shortSi(x)} ${unitName(unit)}`,
    }),
  ]
}

function unitName(unit: 'macs' | 'flops'): string {
  return unit === 'flops' ? 'FLOPs' : 'MACs'
}

function percent(share: number): string {
  return (100 * share).toFixed(1)
}

/** Pixels by which each entry is moved; 0 for entries that share no cost with another. */
function sideBySide(entries: readonly EntrySeries[]): number[] {
  const costs = entries.map(({ exits }) => new Set(exits.map(({ macs }) => macs)))
  return entries.map((_, i) => {
    const own = [...(costs[i] ?? [])]
    const group = costs.flatMap((other, j) => (j === i || own.some((macs) => other.has(macs)) ? [j] : []))
    const step = Math.min(spreadPixels, mostSpreadPixels / Math.max(1, group.length - 1))
    return (group.indexOf(i) - (group.length - 1) / 2) * step
  })
}
