import type { SeriesStyle } from '@mate-bench/charts'
import type { BoardEntry } from '../../data/board-table.ts'
import { type BoardParams, boardLink, type SortKey, startsDescending } from '../../view/board-params.ts'
import type { ChartedEntries } from '../../view/charted-entries.ts'
import { plural } from '../../view/numbers.ts'
import { Swatch } from '../swatch.tsx'
import { type BoardColumn, boardColumns } from './board-columns.tsx'
import { CompareBox } from './compare-box.tsx'

interface BoardTableProps {
  readonly params: BoardParams
  /** Those of the page, in order. */
  readonly entries: readonly BoardEntry[]
  /** All of the track. */
  readonly all: readonly BoardEntry[]
  /** The accuracy that costs are given for, in percent. */
  readonly target: number | undefined
  /** How those look that the chart draws in colour. */
  readonly styles: ChartedEntries['styles']
}

/**
 * The entries of a page, one row each; headers are links that sort. A row unfolds to its exits, which the browser fetches from the
 * entry's page (`page-script/unfold.ts`): together they would be a third of the board. On a phone a row is a card.
 */
export function BoardTable({ params, entries, all, target, styles }: BoardTableProps) {
  const columns = boardColumns(params.columns, { unit: params.unit, entries: all, target })
  return (
    <table className="data cards">
      <caption className="sr-only">
        Entries of the track, one row each; every row expands to its exits
      </caption>
      <thead>
        <tr>
          <th scope="col">
            <span className="sr-only">Compare</span>
          </th>
          <HeaderCell
            params={params}
            title="Rank"
            sort="rank"
            number
            hint="Entries that share a rank do not differ significantly; entries with one seed are not ranked"
          />
          <HeaderCell params={params} title="Entry" sort="name" />
          {columns.map(({ title, sort, number, hint }) => (
            <HeaderCell key={title} {...{ params, title, sort, number, hint }} />
          ))}
        </tr>
      </thead>
      {entries.map((entry) => (
        <EntryRows key={entry.id} {...{ entry, params, columns }} style={styles.get(entry.id)} />
      ))}
    </table>
  )
}

interface HeaderCellProps {
  readonly params: BoardParams
  readonly title: string
  readonly sort?: SortKey | undefined
  readonly number?: true | undefined
  readonly hint?: string | undefined
}

function HeaderCell({ params, title, sort, number, hint }: HeaderCellProps) {
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
      <a className="hover:text-ink hover:underline" href={boardLink(params, { sort, descending })}>
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
  readonly columns: readonly BoardColumn[]
  /** Absent for an entry that the chart draws grey. */
  readonly style: SeriesStyle | undefined
}

function EntryRows({ entry, params, columns, style }: EntryRowsProps) {
  return (
    <tbody data-entry={entry.id}>
      <tr className="folded">
        <td className="pr-0! box">
          <CompareBox entry={entry} params={params} />
        </td>
        <td
          className="num"
          data-label="Rank"
          title={entry.ranking.rank === null ? unrankedReason(entry) : undefined}
        >
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
        {columns.map(({ title, number, cell }) => (
          <td key={title} className={number ? 'num' : undefined} data-label={title}>
            {cell(entry)}
          </td>
        ))}
      </tr>
      <tr className="unfold">
        {/* With those of the box, the rank and the name. */}
        <td colSpan={columns.length + 3}>
          <details className="fold">
            <summary className="text-[0.87rem] text-soft">
              {plural(entry.exits.length, 'exit')}
              <span className="sr-only">{` of ${entry.name}`}</span>
            </summary>
            {entry.synthetic ? null : (
              <p className="mb-2 text-[0.87rem] text-soft">{`${entry.tier}: ${entry.evidence}`}</p>
            )}
            <p>
              <a
                className="link"
                data-unfolds={`Exits of ${entry.name}`}
                href={`/entries/${entry.id}${params.unit === 'flops' ? '?unit=flops' : ''}#exits`}
              >
                Every exit on the entry’s page
              </a>
            </p>
          </details>
        </td>
      </tr>
    </tbody>
  )
}
