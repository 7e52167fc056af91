import type { HistoryRun, RunVerdict } from '@mate-bench/store'
import { plural, seedsText } from './numbers.ts'
import { dayOf, type FrontierChange } from './track-history.ts'

/** Something that changed a track's table. */
export interface TrackEvent {
  /** The same for the same event, whenever the feed is made. */
  readonly id: string
  /** ISO 8601. */
  readonly at: string
  readonly kind: 'new' | 'seeds' | 'withdrawn' | 'check' | 'frontier'
  /** What it happened to. */
  readonly subject: string
  /** What happened, as the rest of a sentence that begins with the subject. */
  readonly text: string
  /** On this site. */
  readonly href: string
}

interface TrackEventSources {
  readonly runs: readonly HistoryRun[]
  readonly verdicts: readonly RunVerdict[]
  readonly changes: readonly FrontierChange[]
  /** Where the frontier of a day is shown. */
  readonly frontierHref: (day: string) => string
}

/** Everything that changed a track's table, newest first: runs of one entry on one day are one event. */
export function trackEvents({ runs, verdicts, changes, frontierHref }: TrackEventSources): TrackEvent[] {
  const byId = new Map(runs.map((run) => [run.runId, run]))
  const events = [
    ...published(runs),
    ...runs.flatMap(withdrawn),
    ...verdicts.flatMap((verdict) => checked(verdict, byId.get(verdict.runId))),
    ...changes.map((change): TrackEvent => {
      const names = [...new Set(change.entered.map(({ name }) => name))]
      return {
        id: `frontier-${change.date}`,
        at: change.at,
        kind: 'frontier',
        subject: 'Frontier',
        text: names.length === 0 ? 'lost an exit' : `changed by ${listed(names)}`,
        href: frontierHref(change.date),
      }
    }),
  ]
  // What moved the frontier comes before the change that it made.
  const place = ({ kind }: TrackEvent) => (kind === 'frontier' ? 1 : 0)
  return events.sort((a, b) => compare(b.at, a.at) || place(b) - place(a) || compare(b.id, a.id))
}

function published(runs: readonly HistoryRun[]): TrackEvent[] {
  const known = new Set<string>()
  const groups = new Map<string, HistoryRun[]>()
  for (const run of runs) {
    const key = `${run.entryId} ${dayOf(run.publishedAt)}`
    const own = groups.get(key)
    if (own) own.push(run)
    else groups.set(key, [run])
  }
  return [...groups.values()].flatMap((group) => {
    const [first, last] = [group[0], group.at(-1)]
    if (!first || !last) return []
    const isNew = !known.has(first.entryId)
    known.add(first.entryId)
    const seeds = [...new Set(group.map(({ seed }) => seed))].sort((a, b) => a - b)
    const made = first.synthetic ? ' Synthetic: not a result of training.' : ''
    return [
      {
        id: `${isNew ? 'new' : 'seeds'}-${first.entryId}-${dayOf(first.publishedAt)}`,
        at: last.publishedAt.toISOString(),
        kind: isNew ? ('new' as const) : ('seeds' as const),
        subject: last.name,
        text: isNew
          ? `is new: ${last.method} on ${last.backbone}, ${plural(last.exits.length, 'exit')}, ${seedsText(seeds)}.${made}`
          : `has ${seedsText(seeds)} too.${made}`,
        href: `/entries/${first.entryId}`,
      },
    ]
  })
}

function withdrawn({ runId, name, seed, withdrawnAt }: HistoryRun): TrackEvent[] {
  if (withdrawnAt === null) return []
  return [
    {
      id: `withdrawn-${runId}`,
      at: withdrawnAt.toISOString(),
      kind: 'withdrawn',
      subject: name,
      text: `lost seed ${seed}: the run was withdrawn.`,
      href: `/runs/${runId}`,
    },
  ]
}

function checked(verdict: RunVerdict, run: HistoryRun | undefined): TrackEvent[] {
  if (!run) return []
  return [
    {
      id: verdict.id,
      at: verdict.createdAt.toISOString(),
      kind: 'check',
      subject: run.name,
      text: `${verdict.effect === 'disputes' ? 'failed' : 'passed'} a ${verdict.check} of seed ${run.seed}: ${verdict.summary}`,
      href: `/runs/${verdict.runId}#verdicts`,
    },
  ]
}

const mostNames = 3

/** `a`, `a and b`, `a, b, c and 2 others`. */
function listed(names: readonly string[]): string {
  const shown = names.slice(0, mostNames)
  const rest = names.length - shown.length
  const all = rest > 0 ? [...shown, plural(rest, 'other')] : shown
  return all.length < 2 ? all.join('') : `${all.slice(0, -1).join(', ')} and ${all.at(-1)}`
}

function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1
}
