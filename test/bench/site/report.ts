import { formatTable } from '../../../apps/cli/src/format/table.ts'
import type { Load } from './load.ts'
import type { PageWeight } from './page-weight.ts'
import type { QueryPlan } from './plans.ts'

export interface Target {
  readonly name: string
  readonly load: Load
  /** Absent for the API. */
  readonly weight?: PageWeight
  readonly queries: { readonly few: QueryCount; readonly all: QueryCount }
  /** Of the first visit to a site that has just started. */
  readonly firstMilliseconds: number
}

export interface QueryCount {
  readonly first: number
  readonly again: number
}

export interface SiteReport {
  readonly entries: number
  readonly fewEntries: number
  /** Entries of the track that the board shows. */
  readonly largestTrack: number
  readonly readers: number
  readonly seconds: number
  readonly targets: readonly Target[]
  readonly plans: Readonly<Record<'board' | 'entry' | 'apiEntry', readonly QueryPlan[]>>
}

const plain = (_: string, text: string) => text
const right = (title: string) => ({ title, align: 'right' as const })

/** The figures as tables for people. */
export function formatSiteReport(report: SiteReport): string {
  const { entries, fewEntries, largestTrack, readers, seconds, targets, plans } = report
  return [
    `${entries} entries (${largestTrack} on the largest track), three runs each; ${readers} readers, ${seconds} s each.`,
    '',
    formatTable(
      [
        { title: 'latency' },
        right('p50 ms'),
        right('p99 ms'),
        right('requests/s'),
        right('requests'),
        right('failed'),
        right('first visit ms'),
      ],
      targets.map(({ name, load, firstMilliseconds }) => [
        name,
        tenths(load.p50Milliseconds),
        tenths(load.p99Milliseconds),
        tenths(load.requestsPerSecond),
        String(load.requests),
        String(load.failures),
        tenths(firstMilliseconds),
      ]),
      plain,
    ),
    '',
    formatTable(
      [{ title: 'weight, kB gzip' }, right('HTML'), right('scripts'), right('styles')],
      targets.flatMap(({ name, weight }) =>
        weight
          ? [
              [
                name,
                kilobytes(weight.htmlBytes),
                `${kilobytes(weight.scriptBytes)} in ${weight.scripts}`,
                kilobytes(weight.styleBytes),
              ],
            ]
          : [],
      ),
      plain,
    ),
    '',
    formatTable(
      [{ title: 'queries' }, right(`${fewEntries} entries`), right(`${entries} entries`), { title: '' }],
      targets.flatMap(({ name, queries: { few, all } }) => [
        [name, String(few.first), String(all.first), 'first visit'],
        ['', String(few.again), String(all.again), 'again'],
      ]),
      plain,
    ),
    ...Object.entries({
      'board, first visit': plans.board,
      'entry page, first visit of its track': plans.entry,
      'API, an entry': plans.apiEntry,
    }).flatMap(([title, list]) => ['', `plans: ${title}`, ...list.flatMap(formatPlan)]),
  ].join('\n')
}

function formatPlan({ query, milliseconds, reads }: QueryPlan): string[] {
  return [`  ${query}: ${tenths(milliseconds)} ms`, ...reads.map((read) => `    ${read}`)]
}

const tenths = (value: number | undefined) => (value === undefined ? '-' : value.toFixed(1))
const kilobytes = (bytes: number) => (bytes / 1000).toFixed(1)
