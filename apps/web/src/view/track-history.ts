import { paretoFrontier, selectRuns } from '@mate-bench/stats'
import type { HistoryRun } from '@mate-bench/store'

/** An exit that no other exit of the track beat on a date. */
export interface HistoryPoint {
  readonly entryId: string
  readonly name: string
  readonly method: string
  readonly k: number
  readonly macs: number
  /** Mean over the seeds that counted by then, in [0, 1]. */
  readonly top1: number
  /** How many seeds. */
  readonly n: number
}

/** A day on which the frontier changed. */
export interface FrontierChange {
  /** `2026-12-01`, UTC. */
  readonly date: string
  /** ISO 8601: when the last run of that day was published. */
  readonly at: string
  /** Cheapest first. */
  readonly frontier: readonly HistoryPoint[]
  /** Of the frontier, what was not on it with these numbers the day before. */
  readonly entered: readonly HistoryPoint[]
}

/** How many images the runs were tested on, so that equal counts are equal means. */
interface Tested {
  readonly testImages: number
}

/** `2026-12-01`: the day of an instant, UTC. */
export function dayOf(at: Date): string {
  return at.toISOString().slice(0, 10)
}

/** Whether a text is a day that a calendar has. */
export function isDay(text: string): boolean {
  const time = Date.parse(`${text}T00:00:00.000Z`)
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(time) && dayOf(new Date(time)) === text
}

/** What a reader asked for as a day, and the day that this is. */
export interface AskedDay {
  /** As the address has it; undefined where it names none. */
  readonly asked: string | undefined
  /** The same where it is a day. */
  readonly day: string | undefined
}

/** The day that `?at=` names; of several the first counts. */
export function askedDay(at: string | readonly string[] | undefined): AskedDay {
  const text = typeof at === 'string' ? at : at?.[0]
  const asked = text === '' ? undefined : text
  return { asked, day: asked !== undefined && isDay(asked) ? asked : undefined }
}

/**
 * The frontier at the end of every day that changed it, oldest first. Runs that were withdrawn or that a check disputes today
 * count on no day, so that the last change is the board's frontier.
 *
 * @param runs of one track
 */
export function frontierChanges(runs: readonly HistoryRun[], { testImages }: Tested): FrontierChange[] {
  const days = runsByDay(runs.filter(({ withdrawnAt }) => withdrawnAt === null))
  const soFar = new Map<string, HistoryRun[]>()
  const changes: FrontierChange[] = []
  let frontier: readonly HistoryPoint[] = []
  for (const [date, published] of [...days].sort(([a], [b]) => compare(a, b))) {
    const touched = new Set<string>()
    for (const run of published) {
      const own = soFar.get(run.entryId)
      if (own) own.push(run)
      else soFar.set(run.entryId, [run])
      touched.add(run.entryId)
    }
    const fell = frontier.some(({ entryId }) => touched.has(entryId))
    // What was beaten stays beaten, unless what beat it has new numbers.
    const candidates = fell ? [...soFar.keys()] : [...touched]
    const points = candidates.flatMap((id) => entryPoints(soFar.get(id) ?? [], testImages))
    const next = onFrontier(fell ? points : [...frontier, ...points])
    const entered = next.filter((point) => !frontier.some((old) => isSame(old, point)))
    const changed = entered.length > 0 || next.length !== frontier.length
    frontier = next
    if (changed) changes.push({ date, at: latestOf(published), frontier, entered })
  }
  return changes
}

/** The frontier at the end of a day; nothing before the first run. */
export function frontierAt(changes: readonly FrontierChange[], day: string): readonly HistoryPoint[] {
  return changes.findLast(({ date }) => date <= day)?.frontier ?? []
}

/** The best exit of a frontier that costs no more than a budget. */
export function bestWithin(frontier: readonly HistoryPoint[], macs: number): HistoryPoint | undefined {
  return frontier.findLast((point) => point.macs <= macs)
}

function runsByDay(runs: readonly HistoryRun[]): Map<string, HistoryRun[]> {
  const days = new Map<string, HistoryRun[]>()
  for (const run of runs) {
    const day = dayOf(run.publishedAt)
    const own = days.get(day)
    if (own) own.push(run)
    else days.set(day, [run])
  }
  return days
}

function latestOf(runs: readonly HistoryRun[]): string {
  return new Date(Math.max(...runs.map(({ publishedAt }) => publishedAt.getTime()))).toISOString()
}

/** Every exit of an entry over the runs that count; none where a check disputes one of them. */
function entryPoints(runs: readonly HistoryRun[], testImages: number): HistoryPoint[] {
  const { first, label, runs: seeds } = selectRuns(runs)
  if (seeds.some(({ disputed }) => disputed)) return []
  return first.exits.map(({ k, sequentialMacs }, i) => {
    const right = seeds.reduce((sum, { exits }) => sum + Math.round((exits[i]?.top1 ?? 0) * testImages), 0)
    return {
      entryId: first.entryId,
      name: label.name,
      method: first.method,
      k,
      macs: sequentialMacs,
      top1: right / seeds.length / testImages,
      n: seeds.length,
    }
  })
}

function onFrontier(points: readonly HistoryPoint[]): HistoryPoint[] {
  const flags = paretoFrontier(points.map(({ macs, top1 }) => ({ sequentialMacs: macs, top1 })))
  return points.filter((_, i) => flags[i]).sort((a, b) => a.macs - b.macs || compare(a.entryId, b.entryId))
}

function isSame(a: HistoryPoint, b: HistoryPoint): boolean {
  return a.entryId === b.entryId && a.k === b.k && a.top1 === b.top1
}

function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1
}
