import { boardBudgets } from '@mate-bench/stats'
import { percentText, plural, shortSi, unitName } from '../../view/numbers.ts'
import { bestWithin, type HistoryPoint } from '../../view/track-history.ts'

interface DayAnswerProps {
  readonly dataset: string
  readonly day: string
  readonly frontier: readonly HistoryPoint[]
  readonly unit: 'macs' | 'flops'
}

/** Which exit was best within each budget at the end of a day. */
export function DayAnswer({ dataset, day, frontier, unit }: DayAnswerProps) {
  const factor = unit === 'flops' ? 2 : 1
  const best = boardBudgets.flatMap((budget) => {
    const point = bestWithin(frontier, budget)
    return point ? [{ budget, point }] : []
  })
  return (
    <section aria-labelledby="answer" className="card self-start px-5 py-3.5">
      <h2 id="answer" className="text-[1.05rem] [overflow-wrap:anywhere]">
        Best on {dataset} at the end of {day}
      </h2>
      {best.length === 0 ? (
        <p className="mt-1">
          No exit published by then costs less than {shortSi(factor * (boardBudgets.at(-1) ?? 0))}{' '}
          {unitName(unit)}.
        </p>
      ) : (
        <ol className="mt-1 text-[0.92rem] tabular-nums">
          {best.map(({ budget, point }) => (
            <li
              key={budget}
              className="flex flex-wrap items-baseline justify-between gap-x-4 border-t border-line py-1 first:border-t-0"
            >
              <span>
                <span className="inline-block min-w-[4.2rem] text-soft">≤ {shortSi(factor * budget)}</span>
                <a className="link" href={`/entries/${point.entryId}`}>
                  {point.name}
                </a>{' '}
                <span className="text-soft">exit {point.k}</span>
              </span>
              <span className="text-soft">
                <strong className="font-semibold text-ink">{percentText(point.top1)}</strong>,{' '}
                {plural(point.n, 'seed')}
              </span>
            </li>
          ))}
        </ol>
      )}
      <p className="mt-1.5 text-[0.87rem] text-soft">
        Highest means. Intervals and tests are shown only for the board as it stands today.
      </p>
    </section>
  )
}
