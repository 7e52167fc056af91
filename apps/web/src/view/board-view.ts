import { cheapestReaching, exitWithin } from '@mate-bench/stats'
import type { BoardEntry } from '../data/board-table.ts'
import { budgetOfSort, usualTarget } from './board-budgets.ts'
import type { BoardParams, FilterKey, SortKey } from './board-params.ts'
import { onceOf } from './once-of.ts'

/** A page shows every exit of its entries: more would be heavy to load and to render. */
export const pageSize = 50

export interface BoardView {
  /** All that pass the filters, in the order asked for. */
  readonly entries: readonly BoardEntry[]
  /** Those of the page. */
  readonly shown: readonly BoardEntry[]
  readonly page: number
  readonly pages: number
  /** The accuracy that costs are given for, in percent; undefined for a table without entries. */
  readonly target: number | undefined
  /** What each filter can be set to, from the whole table. */
  readonly choices: Readonly<Record<FilterKey, readonly string[]>>
}

/** Filters, sorts and cuts a table as the reader asked. */
export function boardView(entries: readonly BoardEntry[], params: BoardParams): BoardView {
  const words = params.search.toLowerCase().split(/\s+/)
  const passing = entries.filter(
    (entry) =>
      Object.entries(params.filters).every(([key, value]) =>
        valuesOf(entry, key as FilterKey).includes(value),
      ) && words.every((word) => searchedText(entry).includes(word)),
  )
  const target = params.target ?? usualTarget(entries)
  const direction = params.descending ? -1 : 1
  const ordered = [...passing].sort(
    (a, b) =>
      direction * compareBy(a, b, params.sort, target) || placeOf(a) - placeOf(b) || compare(a.name, b.name),
  )
  const pages = Math.max(1, Math.ceil(ordered.length / pageSize))
  const page = Math.min(params.page, pages)
  return {
    entries: ordered,
    shown: ordered.slice((page - 1) * pageSize, page * pageSize),
    page,
    pages,
    target,
    choices: choicesOf(entries),
  }
}

const choicesOf = onceOf((entries: readonly BoardEntry[]): BoardView['choices'] => {
  const choices = (key: FilterKey) => [...new Set(entries.flatMap((entry) => valuesOf(entry, key)))].sort()
  return {
    method: choices('method'),
    backbone: choices('backbone'),
    tier: choices('tier'),
    backend: choices('backend'),
  }
})

function valuesOf(entry: BoardEntry, key: FilterKey): readonly string[] {
  return key === 'backend' ? entry.backends : [entry[key]]
}

function searchedText({ name, method, network }: BoardEntry): string {
  return `${name} ${method} ${network}`.toLowerCase()
}

function compareBy(a: BoardEntry, b: BoardEntry, sort: SortKey, target: number | undefined): number {
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
    case 'network':
      return compare(a.network, b.network)
    case 'target': {
      // Those that do not reach it stand behind those that do.
      const cost = ({ exits }: BoardEntry) =>
        cheapestReaching(exits, (target ?? 100) / 100)?.sequentialMacs ?? Number.MAX_VALUE
      return cost(a) - cost(b)
    }
    case 'updated':
      return compare(a.updatedAt, b.updatedAt)
    case 'within-1m':
    case 'within-10m':
    case 'within-100m':
    case 'within-1g': {
      const top1 = ({ exits }: BoardEntry) => exitWithin(exits, budgetOfSort(sort) ?? 0)?.top1.mean ?? -1
      return top1(a) - top1(b)
    }
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
