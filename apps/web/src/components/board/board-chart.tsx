import { accuracyAgainstMacs, type PublishedPoint } from '@mate-bench/charts'
import type { BoardEntry } from '../../data/board-table.ts'
import { mostCharted } from '../../view/board-view.ts'
import { percent, plural, si, unitName } from '../../view/numbers.ts'
import { Figure } from '../figure.tsx'

interface BoardChartProps {
  readonly dataset: string
  readonly unit: 'macs' | 'flops'
  /** In the order of the table. */
  readonly entries: readonly BoardEntry[]
  /** The whole track's, whatever is filtered. */
  readonly frontier: readonly { readonly macs: number; readonly top1: number }[]
  readonly published: readonly PublishedPoint[]
}

/** Top-1 against cost of the first entries of a page. Costs are in MACs whatever the unit, top-1 is a share. */
export function BoardChart({ dataset, unit, entries, frontier, published }: BoardChartProps) {
  const charted = entries.slice(0, mostCharted)
  const series = charted.map(({ name, exits, intervals }) => ({
    name,
    exits: exits.map(({ k, sequentialMacs, top1 }, i) => {
      const interval = intervals.exits[i]
      return {
        k,
        macs: sequentialMacs,
        top1: top1.mean,
        lower: interval?.lower ?? top1.mean,
        upper: interval?.upper ?? top1.mean,
      }
    }),
  }))
  const factor = unit === 'flops' ? 2 : 1
  const ends = charted.map(({ name, exits }) => {
    const [first, last] = [exits[0], exits.at(-1)]
    if (!first || !last) return name
    return `${name}: ${percent(first.top1.mean, 1)} % at ${si(factor * first.sequentialMacs)} to ${percent(last.top1.mean, 1)} % at ${si(factor * last.sequentialMacs)}`
  })
  return (
    <Figure
      kind="board"
      data={{ dataset, unit, series, frontier, published }}
      wide={1160}
      draw={(width, form) =>
        accuracyAgainstMacs(series, {
          id: `board-${form}`,
          width,
          unit,
          frontier,
          published,
          title: `Top-1 accuracy against ${unitName(unit)} on ${dataset}`,
          description: `${ends.join('. ')}. All figures are in the tables below.`,
        })
      }
      caption={
        <>
          One line per entry, one mark per exit; bars and bands are 95 % intervals.
          {charted.some(({ exits }) => exits.length === 1)
            ? ' Hollow diamonds: networks of one exit, trained alone.'
            : null}
          {frontier.length > 0 ? ' Dotted: the frontier of the track.' : null} Entries of equal cost are drawn
          side by side.
          {published.length > 0
            ? ` Hollow circles: ${plural(published.length, 'number')} printed in papers, from other recipes; not ranked.`
            : null}
          {entries.length > charted.length
            ? ` The first ${mostCharted} of ${plural(entries.length, 'entry', 'entries')}, in the table's order, are drawn.`
            : null}
        </>
      }
    />
  )
}
