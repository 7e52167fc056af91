import type { BoardEntry } from '../data/board-table.ts'
import type { BoardParams, FilterKey, SortKey } from './board-params.ts'

/** A page shows every exit of its entries: more would be heavy to load and to render. */
export const pageSize = 25

export interface BoardView {
  /** All that pass the filters, in the order asked for. */
  readonly entries: readonly BoardEntry[]
  /** Those of the page. */
  readonly shown: readonly BoardEntry[]
  readonly page: number
  readonly pages: number
  /** What each filter can be set to, from the whole table. */
  readonly choices: Readonly<Record<FilterKey, readonly string[]>>
}

/** Filters, sorts and cuts a table as the reader asked. */
export function boardView(entries: readonly BoardEntry[], params: BoardParams): BoardView {
  const passing = entries.filter((entry) =>
    Object.entries(params.filters).every(([key, value]) => valuesOf(entry, key as FilterKey).includes(value)),
  )
  const direction = params.descending ? -1 : 1
  const ordered = [...passing].sort(
    (a, b) => direction * compareBy(a, b, params.sort) || placeOf(a) - placeOf(b) || compare(a.name, b.name),
  )
  const pages = Math.max(1, Math.ceil(ordered.length / pageSize))
  const page = Math.min(params.page, pages)
  const choices = (key: FilterKey) => [...new Set(entries.flatMap((entry) => valuesOf(entry, key)))].sort()
  return {
    entries: ordered,
    shown: ordered.slice((page - 1) * pageSize, page * pageSize),
    page,
    pages,
    choices: {
      method: choices('method'),
      backbone: choices('backbone'),
      tier: choices('tier'),
      backend: choices('backend'),
    },
  }
}

function valuesOf(entry: BoardEntry, key: FilterKey): readonly string[] {
  return key === 'backend' ? entry.backends : [entry[key]]
}

function compareBy(a: BoardEntry, b: BoardEntry, sort: SortKey): number {
  switch (sort) {
    case 'rank':
      return placeOf(a) === placeOf(b) ? b.ranking.mean - a.ranking.mean : placeOf(a) - placeOf(b)
    case 'name':
      return compare(a.name, b.name)
    case 'method':
      return compare(a.method, b.method)
    case 'top1':
      return a.ranking.mean - b.ranking.mean
    case 'ensemble':
      return a.ensemble.top1.mean - b.ensemble.top1.mean
    case 'params':
      return a.parameters - b.parameters
    case 'isolated':
      return lastOf(a).isolatedMacs - lastOf(b).isolatedMacs
    case 'macs':
      return lastOf(a).sequentialMacs - lastOf(b).sequentialMacs
    case 'auc':
      return a.area - b.area
  }
}

/** Entries without a rank stand behind all others. */
function placeOf({ ranking }: BoardEntry): number {
  return ranking.rank ?? Number.MAX_SAFE_INTEGER
}

function lastOf({ exits }: BoardEntry): { isolatedMacs: number; sequentialMacs: number } {
  return exits.at(-1) ?? { isolatedMacs: 0, sequentialMacs: 0 }
}

function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1
}
