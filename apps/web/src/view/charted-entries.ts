import {
  type CostedPoint,
  type EntrySeries,
  entryStyles,
  mostColoured,
  type SeriesStyle,
  thinDots,
} from '@mate-bench/charts'
import type { BoardEntry } from '../data/board-table.ts'
import { integer, plural } from './numbers.ts'

export interface ChartedEntries {
  /** In colour, with a line of the legend each. */
  readonly coloured: readonly BoardEntry[]
  /** Drawn grey, but named. */
  readonly faint: readonly BoardEntry[]
  /** Exits of all others, fewer where dots would hide one another. */
  readonly others: readonly CostedPoint[]
  /** How many exits these stand for. */
  readonly otherExits: number
  /** How entries in colour look, by id. */
  readonly styles: ReadonlyMap<string, SeriesStyle>
}

/** Those on the frontier come first, but leave room for the top of the table. */
const mostOfFrontier = 8

interface Choice {
  /** The rows of the page, in their order. */
  readonly shown: readonly BoardEntry[]
  /** All that pass the filters. */
  readonly matching: readonly BoardEntry[]
  /** The whole table. */
  readonly all: readonly BoardEntry[]
}

/** Which entries of a table its chart draws in colour: those on the frontier, then the first rows of the page. */
export function chartedEntries({ shown, matching, all }: Choice): ChartedEntries {
  const onFrontier = matching
    .map((entry) => ({ entry, exits: entry.exits.filter((exit) => exit.onFrontier).length }))
    .filter(({ exits }) => exits > 0)
    .sort((a, b) => b.exits - a.exits)
    .map(({ entry }) => entry)
  const room = Math.max(mostOfFrontier, mostColoured - shown.length)
  const coloured = [...new Set([...onFrontier.slice(0, room), ...shown])].slice(0, mostColoured)
  const named = new Set([...coloured, ...shown])
  const styles = new Map(entryStyles(coloured))
  for (const { id, exits } of coloured) {
    if (exits.length === 1) styles.set(id, { colour: 0, symbol: 'alone' })
  }
  const others = all
    .filter((entry) => !named.has(entry))
    .flatMap(({ exits }) =>
      exits.map(({ sequentialMacs, top1 }) => ({ macs: sequentialMacs, top1: top1.mean })),
    )
  return {
    coloured,
    faint: shown.filter((entry) => !coloured.includes(entry)),
    others: thinDots(others),
    otherExits: others.length,
    styles,
  }
}

/** Says of a chart that not every exit has a dot of its own, behind another sentence; empty where each has. */
export function dotsText({ others, otherExits }: Pick<ChartedEntries, 'others' | 'otherExits'>): string {
  if (others.length === otherExits) return ''
  return ` The dots are ${integer(others.length)} of ${plural(otherExits, 'exit')}: where several would overlap, one is drawn.`
}

/** An entry as charts draw it. Costs in MACs, top-1 as a share. */
export function entrySeries({ id, name, method, seeds, exits, intervals }: BoardEntry): EntrySeries {
  return {
    ...{ id, name, method, seeds: seeds.length },
    exits: exits.map(({ k, sequentialMacs, top1 }, i) => ({
      k,
      macs: sequentialMacs,
      top1: top1.mean,
      lower: intervals.exits[i]?.lower ?? top1.mean,
      upper: intervals.exits[i]?.upper ?? top1.mean,
    })),
  }
}
