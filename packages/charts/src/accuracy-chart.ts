import { entryStyles } from './entry-style.ts'
import type { ChartModel, ChartPoint, ChartTexts, SeriesModel, SeriesStyle } from './model.ts'

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
  /** Ties the entry to the rows of a table that have it as `data-entry`. */
  readonly id: string
  readonly name: string
  /** Its colour follows from it. */
  readonly method: string
  /** How many seeds its numbers rest on. */
  readonly seeds: number
  /** Shallowest first. A single one is a network of that depth, trained alone: a mark, and no line. */
  readonly exits: readonly ExitPoint[]
}

export interface CostedPoint {
  readonly macs: number
  /** Share in [0, 1]. */
  readonly top1: number
}

export interface PublishedPoint extends CostedPoint {
  readonly label: string
}

export interface AccuracyChartOptions extends ChartTexts {
  /** FLOPs are 2 x MACs. @default 'macs' */
  readonly unit?: 'macs' | 'flops'
  /** What the costs count. @default 'sequential' */
  readonly cost?: 'sequential' | 'isolated'
  /** Points that no other beats, cheapest first: drawn as a staircase. */
  readonly frontier?: readonly CostedPoint[]
  /** Numbers printed in papers: hollow marks, on no frontier. */
  readonly published?: readonly PublishedPoint[]
  /** Further entries, drawn thin and grey behind the others. */
  readonly faint?: readonly EntrySeries[]
  /** Exits of entries that are not named at all, after `thinDots`: grey dots. */
  readonly others?: readonly CostedPoint[]
}

/** What has a line of its own in the legend; more than these are drawn faint. */
export const mostColoured = 12

/** More bands than these hide one another; bars show the intervals in any case. */
const mostBands = 3

/** Names of groups in the legend. */
const alone = 'trained alone'
const others = 'other entries'
const printed = 'printed in papers'

/**
 * Accuracy against cost on a logarithmic axis: a line an entry, a mark an exit, a bar for each interval. Entries of one
 * exit, what every multi-exit network is held to, are hollow marks that share a line of the legend. Entries with the same
 * network cost the same: their marks stand side by side, some pixels off their cost.
 *
 * @param entries in the order of the legend
 */
export function accuracyChart(entries: readonly EntrySeries[], options: AccuracyChartOptions): ChartModel {
  const { unit = 'macs', cost = 'sequential', frontier = [], published = [], faint = [] } = options
  const factor = unit === 'flops' ? 2 : 1
  const styles = entryStyles(entries)
  const lines = entries.filter(({ exits }) => exits.length !== 1)
  const single = entries.filter(({ exits }) => exits.length === 1)
  const series = (entry: EntrySeries, style: SeriesStyle): SeriesModel => ({
    key: entry.id,
    name: entry.name,
    ...style,
    points: entry.exits.map((exit) => exitPoint(exit, factor)),
    note: entry.seeds === 1 ? '1 seed' : `${entry.seeds} seeds`,
    // Exits are numbered from 1 on unless they say so.
    ...(entry.exits.every(({ k }, i) => k === i + 1)
      ? {}
      : { labels: entry.exits.map(({ k }) => `exit ${k}`) }),
  })
  const grey = { colour: 0, symbol: 0, faint: true, group: others } as const
  const unnamed = (options.others ?? []).map(
    ({ macs, top1 }): ChartPoint => [rounded(factor * macs), rounded(top1)],
  )
  const { id, title, description } = options
  return {
    id,
    title,
    description,
    x: {
      label: `${unitName(unit)} per image, ${cost === 'sequential' ? 'all heads up to the exit' : 'own head only'}`,
      unit: unitName(unit),
      format: 'si',
    },
    y: { label: 'top-1 accuracy (%)', errorLabel: 'top-1 error (%)', format: 'percent' },
    pointName: 'exit',
    series: [
      ...lines.map((entry) => ({
        ...series(entry, styles.get(entry.id) ?? grey),
        ...(lines.length <= mostBands ? { interval: 'both' as const } : {}),
      })),
      ...single.map((entry) => ({
        ...series(entry, { colour: 0, symbol: 'alone' }),
        group: alone,
        kind: 'marks' as const,
      })),
      ...faint.map((entry) => ({ ...series(entry, grey), group: others, faint: true as const })),
      ...(unnamed.length === 0
        ? []
        : [{ key: others, name: others, ...grey, kind: 'marks' as const, labels: [], points: unnamed }]),
      ...(published.length === 0
        ? []
        : [
            {
              key: printed,
              name: printed,
              ...{ colour: 0, symbol: 'published' as const, kind: 'marks' as const, note: 'as printed' },
              labels: published.map(({ label }) => label),
              points: published.map(({ macs, top1 }): ChartPoint => [rounded(factor * macs), rounded(top1)]),
            },
          ]),
    ],
    ...(frontier.length === 0
      ? {}
      : {
          guides: [
            {
              kind: 'steps',
              points: frontier.map(({ macs, top1 }): ChartPoint => [rounded(factor * macs), rounded(top1)]),
            },
          ],
        }),
  }
}

function exitPoint({ macs, top1, lower, upper }: ExitPoint, factor: number): ChartPoint {
  return [rounded(factor * macs), rounded(top1), rounded(lower), rounded(upper)]
}

/** Five digits: more than can be seen, in a page that many people load. */
function rounded(value: number): number {
  return Number(value.toPrecision(5))
}

function unitName(unit: 'macs' | 'flops'): string {
  return unit === 'flops' ? 'FLOPs' : 'MACs'
}
