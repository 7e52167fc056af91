import type { SeriesStyle } from '@mate-bench/charts'
import type { MacsRange } from '@mate-bench/stats'
import type { BoardEntry } from '../../data/board-table.ts'
import { type BoardParams, boardHref, type SortKey, startsDescending } from '../../view/board-params.ts'
import type { ChartedEntries } from '../../view/charted-entries.ts'
import { percent, plural, rangeText, si, unitName } from '../../view/numbers.ts'
import { Swatch } from '../swatch.tsx'
import { AgainstOther } from './against-other.tsx'
import { CompareBox } from './compare-box.tsx'
import { ExitTable } from './exit-table.tsx'
import { IntervalOf } from './interval-of.tsx'

interface BoardTableProps {
  readonly params: BoardParams
  /** Those of the page, in order. */
  readonly entries: readonly BoardEntry[]
  /** What the areas are taken over. */
  readonly macsRange: MacsRange
  /** How those look that the chart draws in colour. */
  readonly styles: ChartedEntries['styles']
}

interface Column {
  readonly title: string
  readonly sort?: SortKey
  readonly number?: true
  readonly hint?: string
}

function columnsOf(unit: BoardParams['unit'], macsRange: MacsRange, hasBaseline: boolean): readonly Column[] {
  const costs = unitName(unit)
  return [
    {
      title: 'Rank',
      sort: 'rank',
      number: true,
      hint: 'Entries that share a rank cannot be told apart; entries of one seed are not ranked',
    },
    { title: 'Entry', sort: 'name' },
    { title: 'Top-1 (%)', sort: 'top1', number: true, hint: 'Last exit, mean over seeds' },
    { title: '95 % interval' },
    { title: 'n', number: true, hint: 'Seeds' },
    {
      title: 'To the leader',
      hint: 'Points of the last exit against the leader, with a 95 % interval over seeds and images, and what it would take to tell the two apart',
    },
    ...(hasBaseline
      ? [{ title: 'To the baseline', hint: 'The same against joint training with most seeds' }]
      : []),
    { title: 'Method', sort: 'method' },
    { title: 'Ensemble (%)', sort: 'ensemble', number: true, hint: 'Mean probability of all exits' },
    { title: 'Params', sort: 'params', number: true },
    { title: `Isolated ${costs}`, sort: 'isolated', number: true, hint: 'Backbone and the last head' },
    { title: `Sequential ${costs}`, sort: 'macs', number: true, hint: 'Backbone and all heads' },
    {
      title: 'AUC (%)',
      sort: 'auc',
      number: true,
      hint: `Mean top-1 over budgets spread evenly on the log axis from ${rangeText(macsRange, unit)}`,
    },
    { title: 'Tier' },
  ]
}

/** The entries of a page, a row each that unfolds to its exits; headers are links that sort. */
export function BoardTable({ params, entries, macsRange, styles }: BoardTableProps) {
  const factor = params.unit === 'flops' ? 2 : 1
  const hasBaseline = entries.some(({ ranking }) => ranking.againstBaseline !== null)
  const columns = columnsOf(params.unit, macsRange, hasBaseline)
  return (
    <table className="data">
      <caption className="sr-only">
        Entries of the track, one row each; every row expands to its exits
      </caption>
      <thead>
        <tr>
          <th scope="col">
            <span className="sr-only">Compare</span>
          </th>
          {columns.map((column) => (
            <HeaderCell key={column.title} column={column} params={params} />
          ))}
        </tr>
      </thead>
      {entries.map((entry) => (
        <EntryRows
          key={entry.id}
          {...{ entry, params, factor, hasBaseline }}
          style={styles.get(entry.id)}
          // With that of the boxes.
          columnCount={columns.length + 1}
        />
      ))}
    </table>
  )
}

function HeaderCell({ column, params }: { column: Column; params: BoardParams }) {
  const { title, sort, number, hint } = column
  const className = number ? 'num' : undefined
  if (sort === undefined) {
    return (
      <th scope="col" className={className} title={hint}>
        {title}
      </th>
    )
  }
  const current = params.sort === sort
  const descending = current ? !params.descending : startsDescending(sort)
  const arrow = params.descending ? '↓' : '↑'
  return (
    <th
      scope="col"
      className={className}
      title={hint}
      aria-sort={current ? (params.descending ? 'descending' : 'ascending') : undefined}
    >
      <a className="hover:text-ink hover:underline" href={boardHref(params, { sort, descending })}>
        {title}
        <span aria-hidden="true" className={current ? 'text-accent' : 'invisible'}>
          {'\u00a0'}
          {arrow}
        </span>
      </a>
    </th>
  )
}

function unrankedReason({ disputed }: BoardEntry): string {
  return disputed ? 'A check failed: shown, not ranked' : 'One seed: shown, not ranked'
}

interface EntryRowsProps {
  readonly entry: BoardEntry
  readonly params: BoardParams
  /** Absent for an entry that the chart draws grey. */
  readonly style: SeriesStyle | undefined
  readonly factor: number
  readonly hasBaseline: boolean
  readonly columnCount: number
}

function EntryRows({ entry, params, style, factor, hasBaseline, columnCount }: EntryRowsProps) {
  const last = entry.exits.at(-1)
  if (!last) return null
  return (
    <tbody data-entry={entry.id}>
      <tr className="folded">
        <td className="pr-0!">
          <CompareBox entry={entry} params={params} />
        </td>
        <td className="num" title={entry.ranking.rank === null ? unrankedReason(entry) : undefined}>
          {entry.ranking.rank ?? '–'}
        </td>
        <th scope="row">
          {style ? <Swatch {...style} /> : null}
          <a className="link" href={`/entries/${entry.id}`}>
            {entry.name}
          </a>
          {entry.exits.length === 1 ? <span className="tag ml-2">trained alone</span> : null}
          {entry.synthetic ? <span className="tag ml-2">synthetic</span> : null}
          {entry.disputed ? (
            <a className="tag ml-2 text-bad" href={`/entries/${entry.id}#runs`} title={entry.evidence}>
              disputed
            </a>
          ) : null}
        </th>
        <td className="num font-semibold">{percent(last.top1.mean)}</td>
        <td className="text-soft">
          <IntervalOf interval={entry.intervals.exits.at(-1)} />
        </td>
        <td className="num">{entry.seeds.length}</td>
        <td>
          <AgainstOther comparison={entry.ranking.againstLeader} />
        </td>
        {hasBaseline ? (
          <td>
            <AgainstOther comparison={entry.ranking.againstBaseline} />
          </td>
        ) : null}
        <td>
          <a className="link" href={`/methods/${entry.method}`}>
            {entry.method}
          </a>
        </td>
        <td className="num">{percent(entry.ensemble.top1.mean)}</td>
        <td className="num">{si(entry.parameters)}</td>
        <td className="num">{si(factor * last.isolatedMacs)}</td>
        <td className="num">{si(factor * last.sequentialMacs)}</td>
        <td className="num">{percent(entry.area, 1)}</td>
        <td className="text-soft">{entry.tier}</td>
      </tr>
      <tr className="unfold">
        <td colSpan={columnCount}>
          <details className="fold">
            <summary className="text-[0.87rem] text-soft">
              {plural(entry.exits.length, 'exit')}
              <span className="sr-only"> of {entry.name}</span>
            </summary>
            {entry.synthetic ? null : (
              <p className="mb-2 text-[0.87rem] text-soft">
                {entry.tier}: {entry.evidence}
              </p>
            )}
            <ExitTable entry={entry} factor={factor} metrics="few" />
          </details>
        </td>
      </tr>
    </tbody>
  )
}
