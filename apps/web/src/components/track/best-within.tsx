import { bestOverTimeChart } from '@mate-bench/charts'
import { percent, percentText } from '../../view/numbers.ts'
import { bestWithin, type FrontierChange, type HistoryPoint } from '../../view/track-history.ts'
import { ChartFigure } from '../chart-figure.tsx'
import { FiguresFold } from '../figures-fold.tsx'

/** MACs an image. */
const budgets = [
  ['1 M', 1e6],
  ['10 M', 1e7],
  ['100 M', 1e8],
  ['1 G', 1e9],
  ['10 G', 1e10],
] as const

interface BestWithinProps {
  readonly dataset: string
  readonly changes: readonly FrontierChange[]
  readonly trackKey: string
}

interface Step extends HistoryPoint {
  readonly date: string
}

/** The best exit within each budget over time: a chart, and its steps as a table. */
export function BestWithin({ dataset, changes, trackKey }: BestWithinProps) {
  const series = withinBudgets(changes)
  const until = changes.at(-1)?.date
  if (series.length === 0 || until === undefined) return <p className="text-soft">No run counts yet.</p>
  return (
    <div className="card p-4">
      <ChartFigure
        model={bestOverTimeChart(series, {
          id: 'best-over-time',
          title: `Best top-1 within a budget on ${dataset}, over time`,
          description: series
            .map(({ name, points }) => `${name}: ${percentText(points.at(-1)?.top1 ?? 0, 1)} now`)
            .join('; '),
          until,
        })}
      />
      <FiguresFold label={`Best within a budget on ${dataset}`}>
        <thead>
          <tr>
            <th scope="col">Since</th>
            <th scope="col">Budget</th>
            <th scope="col">Entry</th>
            <th scope="col">Exit</th>
            <th scope="col" className="num">
              Top-1 (%)
            </th>
          </tr>
        </thead>
        <tbody>
          {series.flatMap(({ name, points }) =>
            points.map((step) => (
              <tr key={`${name} ${step.date}`}>
                <th scope="row">
                  <a className="link" href={`/tracks/${trackKey}?at=${step.date}`}>
                    {step.date}
                  </a>
                </th>
                <td>{name}</td>
                <td>
                  <a className="link" href={`/entries/${step.entryId}`}>
                    {step.name}
                  </a>
                </td>
                <td>{step.k}</td>
                <td className="num">{percent(step.top1)}</td>
              </tr>
            )),
          )}
        </tbody>
      </FiguresFold>
    </div>
  )
}

/** The steps of each budget that an exit fits and that a smaller one does not already tell all of. */
function withinBudgets(changes: readonly FrontierChange[]) {
  const all = budgets.map(([name, budget]) => ({
    name: `up to ${name} MACs`,
    points: changes
      .flatMap(({ date, frontier }): Step[] => {
        const best = bestWithin(frontier, budget)
        return best ? [{ date, ...best }] : []
      })
      .filter((step, i, steps) => steps[i - 1]?.top1 !== step.top1 || steps[i - 1]?.name !== step.name),
  }))
  return all.filter(
    ({ points }, i) => points.length > 0 && JSON.stringify(points) !== JSON.stringify(all[i - 1]?.points),
  )
}
