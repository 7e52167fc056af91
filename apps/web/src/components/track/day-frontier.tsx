import { frontiersChart } from '@mate-bench/charts'
import { percent, plural, si } from '../../view/numbers.ts'
import type { HistoryPoint } from '../../view/track-history.ts'
import { ChartFigure } from '../chart-figure.tsx'
import { DataTable } from '../data-table.tsx'

interface DayFrontierProps {
  readonly dataset: string
  readonly day: string | undefined
  /** The day's; absent where none was asked for. */
  readonly then: readonly HistoryPoint[] | undefined
  readonly now: readonly HistoryPoint[]
}

/** The frontier of a day beside today's, as a chart and a table. */
export function DayFrontier({ dataset, day, then, now }: DayFrontierProps) {
  const shown = then ?? now
  if (now.length === 0) return <p className="card mt-3 p-4">No run counts on this track.</p>
  if (shown.length === 0) return <p className="card mt-3 p-4">Nothing was published by {day}.</p>
  return (
    <div className="card mt-3 p-4">
      <ChartFigure
        model={frontiersChart(
          [...(then && day ? [{ name: `end of ${day}`, points: then }] : []), { name: 'today', points: now }],
          {
            id: 'frontier-of-day',
            title: `Frontier on ${dataset}${day ? ` at the end of ${day}, and today` : ''}`,
            description: `${plural(shown.length, 'exit')}; the table below has them.`,
          },
        )}
      />
      <DataTable
        label={day ? `Frontier at the end of ${day}` : 'Frontier'}
        narrow
        className="mt-3"
        columns={[
          'Entry',
          'Method',
          'Exit',
          { number: 'Sequential MACs' },
          { number: 'Top-1 (%)' },
          { number: 'n' },
          then ? 'Today' : undefined,
        ]}
      >
        {shown.map((point) => (
          <tr key={`${point.entryId} ${point.k}`}>
            <th scope="row">
              <a className="link" href={`/entries/${point.entryId}`}>
                {point.name}
              </a>
            </th>
            <td>{point.method}</td>
            <td>{point.k}</td>
            <td className="num">{si(point.macs)}</td>
            <td className="num">{percent(point.top1)}</td>
            <td className="num">{point.n}</td>
            {then ? <td>{isOn(now, point) ? 'on the frontier' : 'beaten'}</td> : null}
          </tr>
        ))}
      </DataTable>
    </div>
  )
}

function isOn(frontier: readonly HistoryPoint[], { entryId, k }: HistoryPoint): boolean {
  return frontier.some((point) => point.entryId === entryId && point.k === k)
}
