import { idPatterns } from '@mate-bench/schema'
import { askedDay } from './track-history.ts'

/** What a reader asks the board for. All of it stands in the URL, so that a view can be linked. */

export const sortKeys = [
  'rank',
  'name',
  'method',
  'top1',
  'network',
  'ensemble',
  'params',
  'isolated',
  'macs',
  'within-1m',
  'within-10m',
  'within-100m',
  'within-1g',
  'target',
  'updated',
] as const
export type SortKey = (typeof sortKeys)[number]

/** What a reader can show and hide; rank and entry are always there. In the order of the table. */
export const columnKeys = [
  'top1',
  'n',
  'method',
  'network',
  'baseline',
  'budgets',
  'target',
  'macs',
  'isolated',
  'params',
  'ensemble',
  'leader',
  'tier',
  'updated',
] as const
export type ColumnKey = (typeof columnKeys)[number]

export const defaultColumns: readonly ColumnKey[] = [
  'top1',
  'n',
  'method',
  'network',
  'baseline',
  'budgets',
  'target',
  'macs',
  'leader',
  'tier',
]

export const filterKeys = ['method', 'backbone', 'tier', 'backend'] as const
export type FilterKey = (typeof filterKeys)[number]

export interface BoardParams {
  /** A `trackKey` or the name of a dataset; undefined for the largest track. */
  readonly track: string | undefined
  /** The day, UTC, at whose end the track is shown, such as `2026-12-01`; undefined for now. */
  readonly at: string | undefined
  readonly unit: 'macs' | 'flops'
  readonly filters: Readonly<Partial<Record<FilterKey, string>>>
  /** Words that an entry's name, method or network must contain; empty for all entries. */
  readonly search: string
  /** In the order of `columnKeys`. */
  readonly columns: readonly ColumnKey[]
  /** The accuracy that costs are given for, in percent; undefined for the track's own. */
  readonly target: number | undefined
  readonly sort: SortKey
  readonly descending: boolean
  /** Whether numbers printed in papers are drawn. */
  readonly published: boolean
  /** Ids of the entries selected for a comparison, on whatever page they are. */
  readonly compare: readonly string[]
  /** 1-based. */
  readonly page: number
}

export const mostCompared = 6

export type SearchParams = Readonly<Record<string, string | string[] | undefined>>

/** Reads a query string leniently: what is not understood has its default, of what is repeated the first counts. */
export function parseBoardParams(query: SearchParams): BoardParams {
  const one = (key: string) => {
    const value = query[key]
    const text = Array.isArray(value) ? value[0] : value
    return text === undefined || text === '' ? undefined : text
  }
  const sort = sortKeys.find((key) => key === one('sort')) ?? 'rank'
  const order = one('order')
  const filters = filterKeys.flatMap((key) => {
    const value = one(key)
    return value === undefined ? [] : [[key, value] as const]
  })
  return {
    track: one('track'),
    at: askedDay(query.at).day,
    unit: one('unit') === 'flops' ? 'flops' : 'macs',
    filters: Object.fromEntries(filters),
    search: (one('q') ?? '').trim().slice(0, longestSearch),
    columns: columnsOf(query.columns),
    target: targetOf(one('target')),
    sort,
    descending: order === undefined ? startsDescending(sort) : order === 'desc',
    published: one('published') === '1',
    // As links have them, and as the table's form sends them.
    compare: entryIds(query.compare, query.entries),
    page: Math.max(1, Math.min(10_000, Math.trunc(Number(one('page') ?? 1)) || 1)),
  }
}

const longestSearch = 100

/** From links, which have a list, and from the form, which repeats the name; what no column has is passed over. */
function columnsOf(value: string | readonly string[] | undefined): readonly ColumnKey[] {
  const asked = [value ?? []].flat().flatMap((text) => text.split(','))
  const columns = columnKeys.filter((key) => asked.includes(key))
  return columns.length > 0 ? columns : defaultColumns
}

/** To a tenth of a percent. */
function targetOf(text: string | undefined): number | undefined {
  const target = Math.round(10 * Number(text ?? Number.NaN)) / 10
  return target > 0 && target <= 100 ? target : undefined
}

/** What is an entry's id, each once, as many as can be compared. */
function entryIds(...values: readonly (string | readonly string[] | undefined)[]): readonly string[] {
  const texts = values.flatMap((value) => value ?? []).flatMap((text) => text.split(','))
  return [...new Set(texts.filter((text) => idPatterns.entry.test(text)))].slice(0, mostCompared)
}

/** Largest first where large is good. */
export function startsDescending(sort: SortKey): boolean {
  return sort === 'top1' || sort === 'ensemble' || sort === 'updated' || sort.startsWith('within-')
}

/** The query string of a view, shortest form, with a leading `?` unless empty. */
export function boardQuery(params: BoardParams): string {
  const query = new URLSearchParams()
  if (params.track !== undefined) query.set('track', params.track)
  if (params.at !== undefined) query.set('at', params.at)
  if (params.unit === 'flops') query.set('unit', 'flops')
  for (const key of filterKeys) {
    const value = params.filters[key]
    if (value !== undefined) query.set(key, value)
  }
  if (params.search !== '') query.set('q', params.search)
  if (params.columns.join() !== defaultColumns.join()) query.set('columns', params.columns.join(','))
  if (params.target !== undefined) query.set('target', String(params.target))
  if (params.sort !== 'rank') query.set('sort', params.sort)
  if (params.descending !== startsDescending(params.sort))
    query.set('order', params.descending ? 'desc' : 'asc')
  if (params.published) query.set('published', '1')
  if (params.compare.length > 0) query.set('compare', params.compare.join(','))
  if (params.page > 1) query.set('page', String(params.page))
  const text = query.toString()
  return text === '' ? '' : `?${text}`
}

/** The view with some of it changed; back to the first page unless a page is asked for. */
export function boardHref(params: BoardParams, change: Partial<BoardParams>): string {
  return `/${boardQuery({ ...params, page: 1, ...change })}`
}

/** The same as a link on the board: the page opens at the board and not at its head. */
export function boardLink(params: BoardParams, change: Partial<BoardParams>): string {
  return `${boardHref(params, change)}#board`
}
