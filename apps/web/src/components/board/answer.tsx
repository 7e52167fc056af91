import type { BoardTable } from '../../data/board-table.ts'
import type { BoardParams } from '../../view/board-params.ts'
import { type Leader, leadersOf } from '../../view/leaders.ts'
import { intervalText, percentText, plural, shortSi, si, unitName } from '../../view/numbers.ts'
import { LeaderVerdict } from './leader-verdict.tsx'
import { VerdictDifference } from './verdict-difference.tsx'

interface AnswerProps {
  readonly table: BoardTable
  readonly unit: BoardParams['unit']
}

/** What the track has found so far: who leads within each budget, by how much, and how sure that is. */
export function Answer({ table, unit }: AnswerProps) {
  const leaders = leadersOf(table)
  const overall = leaders.at(-1)
  const { dataset } = table.track.document
  const hasEarlyExits = table.entries.some(({ exits }) => exits.length > 1)
  return (
    <section aria-labelledby="answer" className="card self-start px-5 py-3.5">
      <h2 id="answer" className="text-[1.05rem]">
        The answer so far on {dataset}
      </h2>
      {table.entries.some(({ synthetic }) => synthetic) ? (
        <p className="text-[0.87rem] text-soft">
          Made up for load tests: these entries are not results of training.
        </p>
      ) : null}
      {overall ? (
        <p className="mt-1">
          <Overall leader={overall} unit={unit} />
        </p>
      ) : (
        <p className="mt-1">
          No exit costs less than 1 G {unitName(unit)}, the largest budget of this board.
        </p>
      )}
      {leaders.length > 1 ? (
        <>
          <h3 className="mt-2.5 text-[0.92rem]">Best within each budget</h3>
          <ol className="mt-0.5 text-[0.92rem] tabular-nums">
            {leaders.map((leader) => (
              <li key={leader.budgetMacs} className="border-t border-line py-1">
                <BudgetLine leader={leader} unit={unit} />
              </li>
            ))}
          </ol>
        </>
      ) : null}
      {hasEarlyExits && table.entries.some(({ exits }) => exits.length === 1) ? (
        <p className="mt-1.5 text-[0.87rem] text-soft">
          Of networks with early exits; those with one exit, trained alone, are in the table.
        </p>
      ) : null}
      <p className="mt-1.5 text-[0.87rem]">
        <a className="link" href="/docs#ranks">
          How this is decided
        </a>
        ,{' '}
        <a className="link" href="/results">
          what our study of all methods says
        </a>
      </p>
    </section>
  )
}

interface LeaderProps {
  readonly leader: Leader
  readonly unit: BoardParams['unit']
}

function Overall({ leader, unit }: LeaderProps) {
  const { entry, exit, isRanked } = leader
  const factor = unit === 'flops' ? 2 : 1
  const interval = entry.intervals.exits[exit.k - 1]
  return (
    <>
      <a className="link font-semibold" href={`/methods/${entry.method}`}>
        {entry.method}
      </a>{' '}
      {isRanked && leader.tied.length === 0 ? 'leads with' : 'has the highest mean:'}{' '}
      <strong className="font-semibold tabular-nums">{percentText(exit.top1.mean)}</strong> top-1
      {interval ? ` ${intervalText(interval)}` : ''} at {si(factor * exit.sequentialMacs)} {unitName(unit)} (
      <a className="link" href={`/entries/${entry.id}`}>
        {entry.name}
      </a>
      , {entry.network}, {plural(entry.seeds.length, 'seed')}). <LeaderVerdict leader={leader} />
    </>
  )
}

function BudgetLine({ leader, unit }: LeaderProps) {
  const { budgetMacs, entry, exit, joint, tied } = leader
  const factor = unit === 'flops' ? 2 : 1
  return (
    <span className="flex flex-wrap items-baseline justify-between gap-x-4">
      <span>
        <span className="inline-block min-w-[4.2rem] text-soft">≤ {shortSi(factor * budgetMacs)}</span>
        <a className="link" href={`/entries/${entry.id}`}>
          {entry.name}
        </a>{' '}
        <span className="text-soft">exit {exit.k}</span>
      </span>
      <span className="text-soft">
        <strong className="font-semibold text-ink">{percentText(exit.top1.mean)}</strong>
        {joint ? (
          <>
            , <VerdictDifference comparison={joint.comparison} /> to joint
          </>
        ) : null}
        {tied.length > 0 ? `, tied with ${tied.length}` : ''}
      </span>
    </span>
  )
}
