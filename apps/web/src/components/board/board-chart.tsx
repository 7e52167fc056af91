import { accuracyChart, type CostedPoint, type PublishedPoint } from '@mate-bench/charts'
import { type ChartedEntries, dotsText, entrySeries } from '../../view/charted-entries.ts'
import { percentText, plural, si, unitName } from '../../view/numbers.ts'
import { ChartFigure } from '../chart-figure.tsx'

interface BoardChartProps {
  readonly dataset: string
  readonly unit: 'macs' | 'flops'
  readonly charted: ChartedEntries
  /** The whole track's, whatever is filtered. */
  readonly frontier: readonly CostedPoint[]
  readonly published: readonly PublishedPoint[]
}

/** Top-1 against cost of the entries of a page. Costs are in MACs whatever the unit, top-1 is a share. */
export function BoardChart({ dataset, unit, charted, frontier, published }: BoardChartProps) {
  const { coloured, faint, others } = charted
  const factor = unit === 'flops' ? 2 : 1
  const ends = coloured.map(({ name, exits }) => {
    const [first, last] = [exits[0], exits.at(-1)]
    if (!first || !last) return name
    return `${name}: ${percentText(first.top1.mean, 1)} at ${si(factor * first.sequentialMacs)} to ${percentText(last.top1.mean, 1)} at ${si(factor * last.sequentialMacs)}`
  })
  return (
    <ChartFigure
      model={accuracyChart(coloured.map(entrySeries), {
        id: 'board',
        unit,
        frontier,
        published,
        faint: faint.map(entrySeries),
        others,
        title: `Top-1 accuracy against ${unitName(unit)} on ${dataset}`,
        description: `${ends.join('. ')}. All figures are in the tables below.`,
      })}
      caption={
        <>
          {coloured.length > 0
            ? 'One line per entry, one mark per exit; bars and bands are 95\u202f% intervals. Colours stand for methods. Entries of equal cost are drawn side by side.'
            : null}
          {coloured.some(({ exits }) => exits.length === 1)
            ? ' Hollow diamonds: networks of one exit, trained alone.'
            : null}
          {frontier.length > 0 ? ' Dotted: the frontier of the track.' : null}
          {published.length > 0
            ? ` Hollow circles: ${plural(published.length, 'number')} printed in papers, from other recipes; not ranked.`
            : null}
          {faint.length > 0 || others.length > 0
            ? coloured.length === 1
              ? ' Grey: the other entries of the track.'
              : ` In colour: ${plural(coloured.length, 'entry', 'entries')}, those on the frontier first; grey: the others.`
            : null}
          {dotsText(charted)}
        </>
      }
    />
  )
}
