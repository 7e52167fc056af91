import type { MethodTableRow, PublishedResult } from '@mate-bench/store'
import { architectureName } from './architecture-name.ts'

export type AlignedMetric = 'top-1' | 'top-5'

/** A share of right answers of ours. */
export interface OwnFigure {
  readonly entryId: string
  readonly name: string
  readonly mean: number
  /** Over seeds; null for one seed, and for top-5, of which only the mean is kept. */
  readonly sd: number | null
  readonly seeds: number
  /** Made up for load tests. */
  readonly synthetic: boolean
}

/** A printed number; an error rate as the accuracy that it is. */
export interface PrintedFigure {
  readonly share: number
  readonly result: PublishedResult
}

export interface AlignedRow {
  /** `1`, `2`, …, `ensemble`. */
  readonly exit: string
  readonly metric: AlignedMetric
  readonly ours: readonly OwnFigure[]
  readonly printed: readonly PrintedFigure[]
}

/** Numbers of one network on one dataset. */
export interface AlignedGroup {
  readonly dataset: string
  readonly architecture: string
  readonly rows: readonly AlignedRow[]
}

export interface SideBySide {
  readonly groups: readonly AlignedGroup[]
  /** Printed numbers with nothing of ours beside them. */
  readonly others: readonly PublishedResult[]
}

type OwnEntry = Pick<MethodTableRow, 'entryId' | 'dataset' | 'spec' | 'aggregate' | 'synthetic'>

/**
 * Our numbers beside the printed ones where dataset, architecture and exit are the same. Numbers of a part of the
 * training data are beside none: no paper says which images it took.
 */
export function sideBySide(entries: readonly OwnEntry[], published: readonly PublishedResult[]): SideBySide {
  const whole = entries.filter(({ spec }) => spec.dataset.subset === undefined)
  const groups = new Map<string, PublishedResult[]>()
  const others: PublishedResult[] = []
  for (const result of published) {
    const ours = result.subset === null ? figuresBeside(whole, result) : []
    if (ours.length === 0) {
      others.push(result)
      continue
    }
    const key = JSON.stringify([result.dataset, result.architecture])
    groups.set(key, [...(groups.get(key) ?? []), result])
  }
  return { groups: [...groups.values()].map((results) => alignedGroup(whole, results)), others }
}

function alignedGroup(entries: readonly OwnEntry[], results: readonly PublishedResult[]): AlignedGroup {
  const rows = new Map<string, AlignedRow>()
  for (const result of results) {
    const metric = metricOf(result)
    const key = `${metric} ${result.exit}`
    const row = rows.get(key)
    const printed = [...(row?.printed ?? []), { share: shareOf(result), result }]
    rows.set(key, { exit: result.exit, metric, ours: row?.ours ?? figuresBeside(entries, result), printed })
  }
  const { dataset = '', architecture = '' } = results[0] ?? {}
  return { dataset, architecture, rows: [...rows.values()].sort(inOrder) }
}

function figuresBeside(entries: readonly OwnEntry[], result: PublishedResult): OwnFigure[] {
  const metric = metricOf(result)
  return entries.flatMap(({ entryId, dataset, spec, aggregate, synthetic }) => {
    if (dataset !== result.dataset || architectureName(spec) !== result.architecture) return []
    const classifier =
      result.exit === 'ensemble'
        ? aggregate.ensemble
        : aggregate.exits.find(({ k }) => String(k) === result.exit)
    if (!classifier) return []
    const { mean, sd } = metric === 'top-1' ? classifier.top1 : { mean: classifier.top5, sd: null }
    return [{ entryId, name: aggregate.specName, mean, sd, seeds: aggregate.runs.length, synthetic }]
  })
}

function metricOf({ metric }: PublishedResult): AlignedMetric {
  return metric === 'top1' || metric === 'top1_error' ? 'top-1' : 'top-5'
}

function shareOf({ metric, value }: PublishedResult): number {
  return metric === 'top1' || metric === 'top5' ? value / 100 : 1 - value / 100
}

/** Top-1 before top-5, exits by number, what has no number behind them. */
function inOrder(a: AlignedRow, b: AlignedRow): number {
  if (a.metric !== b.metric) return a.metric < b.metric ? -1 : 1
  const [left, right] = [a, b].map(({ exit }) =>
    /^\d+$/.test(exit) ? Number(exit) : Number.MAX_SAFE_INTEGER,
  )
  return (left ?? 0) - (right ?? 0)
}
