import { formatTable } from '../../../apps/cli/src/format/table.ts'
import type { Target } from './measure-target.ts'
import type { QueryPlan } from './plans.ts'

export interface MeasuredTarget extends Target {
  readonly queries: { readonly few: QueryCount; readonly all: QueryCount }
  /** Of the first visit to a site that has just started. */
  readonly firstMilliseconds: number
  /** Of the first visit that shows an entry which was just published. */
  readonly afterPublishMilliseconds: number
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
  readonly seconds: number
  readonly targets: readonly MeasuredTarget[]
  readonly plans: Readonly<Record<'board' | 'entry' | 'apiEntry', readonly QueryPlan[]>>
}

const plain = (_: string, text: string) => text
const right = (title: string) => ({ title, align: 'right' as const })

/** The figures as tables for people. */
export function formatSiteReport(report: SiteReport): string {
  const { entries, fewEntries, largestTrack, seconds, targets, plans } = report
  return [
    `${entries} entries (${largestTrack} on the largest track), three runs each; ${seconds} s a measurement.`,
    '',
    formatTable(
      [
        { title: 'latency' },
        ...['readers', 'p50 ms', 'p99 ms', 'requests/s', 'failed', 'constant: p99 ms', 'requests/s'].map(
          right,
        ),
        ...['ratio of p99', 'of requests/s'].map(right),
      ],
      targets.flatMap(({ name, loads }) =>
        loads.map(({ readers, site, constant }, i) => [
          i === 0 ? name : '',
          String(readers),
          tenths(site.p50Milliseconds),
          tenths(site.p99Milliseconds),
          tenths(site.requestsPerSecond),
          String(site.failures),
          tenths(constant.p99Milliseconds),
          tenths(constant.requestsPerSecond),
          ratio(site.p99Milliseconds, constant.p99Milliseconds),
          ratio(site.requestsPerSecond, constant.requestsPerSecond),
        ]),
      ),
      plain,
    ),
    '',
    formatTable(
      [
        { title: 'first visit, ms' },
        right('site just started'),
        right('just published'),
        right('answer, kB gzip'),
      ],
      targets.map(({ name, firstMilliseconds, afterPublishMilliseconds, bytes }) => [
        name,
        tenths(firstMilliseconds),
        tenths(afterPublishMilliseconds),
        kilobytes(bytes),
      ]),
      plain,
    ),
    '',
    formatTable(
      [
        { title: 'weight, kB gzip (Brotli)' },
        right('HTML'),
        right('page data'),
        right('scripts'),
        right('styles'),
      ],
      targets.flatMap(({ name, weight }) =>
        weight
          ? [
              [
                name,
                both(weight.html),
                both(weight.data),
                `${both(weight.scripts)} in ${weight.scriptCount}`,
                both(weight.styles),
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
const ratio = (value: number | undefined, of: number | undefined) =>
  value === undefined || !of ? '-' : (value / of).toFixed(2)
const both = ({ gzipBytes, brotliBytes }: { gzipBytes: number; brotliBytes: number }) =>
  `${kilobytes(gzipBytes)} (${kilobytes(brotliBytes)})`
const kilobytes = (bytes: number) => (bytes / 1000).toFixed(1)
