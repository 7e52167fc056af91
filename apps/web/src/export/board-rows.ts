import { boardBudgets, exitWithin, type SeedShare } from '@mate-bench/stats'
import type { BoardEntry } from '../data/board-table.ts'

/** One classifier of an entry as files give it: fractions and counts, never rounded. */
export interface BoardRow {
  /** Null for one seed. */
  readonly rank: number | null
  readonly entry: string
  readonly name: string
  readonly method: string
  readonly backbone: string
  /** Backbone with depth and width, as published numbers name theirs. */
  readonly network: string
  readonly head: string
  readonly tier: string
  readonly backends: string
  /** Made for a load test, not trained. */
  readonly synthetic: boolean
  readonly n: number
  /** `1`, `2`, ... or `ensemble`. */
  readonly exit: string
  readonly top1: number
  readonly top1Lower: number
  readonly top1Upper: number
  /** Null for one seed. */
  readonly top1Sd: number | null
  /** `own`, or for one seed `track` or `unknown`: where the seeds' share of the interval is from. */
  readonly intervalSeedShare: SeedShare
  /** Of the entry's last exit; null where there is nothing to compare with. */
  readonly toLeader: number | null
  readonly toLeaderLower: number | null
  readonly toLeaderUpper: number | null
  readonly toBaseline: number | null
  readonly toBaselineLower: number | null
  readonly toBaselineUpper: number | null
  readonly top5: number
  readonly nll: number
  readonly ece: number
  readonly auroc: number | null
  readonly isolatedMacs: number | null
  readonly sequentialMacs: number
  readonly sequentialFlops: number
  readonly parameters: number
  /** Of the entry's deepest exit within so many sequential MACs; null where none is as cheap. */
  readonly top1Within1MMacs: number | null
  readonly top1Within10MMacs: number | null
  readonly top1Within100MMacs: number | null
  readonly top1Within1GMacs: number | null
  readonly specDigest: string
}

/** A row an exit and one for the ensemble, in the order of the table. */
export function boardRows(entries: readonly BoardEntry[]): BoardRow[] {
  return entries.flatMap((entry) => {
    const [mega = null, tenMega = null, hundredMega = null, giga = null] = boardBudgets.map(
      (budget) => exitWithin(entry.exits, budget)?.top1.mean ?? null,
    )
    const own = entry.intervals
    const { againstLeader, againstBaseline } = entry.ranking
    const all = entry.exits.at(-1)?.sequentialMacs ?? 0
    const classifiers = [
      ...entry.exits.map((exit, i) => ({
        exit: String(exit.k),
        summary: exit,
        interval: own.exits[i],
        isolatedMacs: exit.isolatedMacs,
        sequentialMacs: exit.sequentialMacs,
        parameters: exit.parameters,
      })),
      {
        exit: 'ensemble',
        summary: entry.ensemble,
        interval: own.ensemble,
        isolatedMacs: null,
        sequentialMacs: all,
        parameters: entry.parameters,
      },
    ]
    return classifiers.map(({ exit, summary, interval, isolatedMacs, sequentialMacs, parameters }) => ({
      rank: entry.ranking.rank,
      entry: entry.id,
      name: entry.name,
      method: entry.method,
      backbone: entry.backbone,
      network: entry.network,
      head: entry.head,
      tier: entry.tier,
      backends: entry.backends.join(' '),
      synthetic: entry.synthetic,
      n: entry.seeds.length,
      exit,
      top1: summary.top1.mean,
      top1Lower: interval?.lower ?? summary.top1.mean,
      top1Upper: interval?.upper ?? summary.top1.mean,
      top1Sd: summary.top1.sd,
      intervalSeedShare: interval?.seedShare ?? 'unknown',
      toLeader: againstLeader?.difference ?? null,
      toLeaderLower: againstLeader?.lower ?? null,
      toLeaderUpper: againstLeader?.upper ?? null,
      toBaseline: againstBaseline?.difference ?? null,
      toBaselineLower: againstBaseline?.lower ?? null,
      toBaselineUpper: againstBaseline?.upper ?? null,
      top5: summary.top5,
      nll: summary.nll,
      ece: summary.ece,
      auroc: summary.auroc,
      isolatedMacs,
      sequentialMacs,
      sequentialFlops: 2 * sequentialMacs,
      parameters,
      top1Within1MMacs: mega,
      top1Within10MMacs: tenMega,
      top1Within100MMacs: hundredMega,
      top1Within1GMacs: giga,
      specDigest: entry.specDigest,
    }))
  })
}
