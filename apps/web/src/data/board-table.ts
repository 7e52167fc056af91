import type {
  ClassifierSummary,
  EntryAggregate,
  EntryIntervals,
  ExitSummary,
  RankedEntry,
  TrackSpreads,
} from '@mate-bench/stats'
import { type RunVerdict, verdictsOfTrack } from '@mate-bench/store'
import type { TrackSummary } from '@mate-bench/store/track-table'
import { entryEvidence } from '../view/tier-evidence.ts'
import { keptRanking } from './kept-ranking.ts'
import type { RankedRow } from './ranked-track.ts'
import { getStore } from './store.ts'
import { createVersionCache } from './version-cache.ts'

/** An entry in its table. */
export interface BoardEntry {
  readonly id: string
  readonly specDigest: string
  readonly name: string
  readonly method: string
  readonly backbone: string
  /** Backbone with depth and width, as published numbers name theirs. */
  readonly network: string
  readonly head: string
  /** The weakest of its runs': an entry is checked as far as all of it is. */
  readonly tier: string
  readonly backends: readonly string[]
  readonly seeds: readonly number[]
  /** Those that count, one per seed. */
  readonly runIds: readonly string[]
  /** Of seeds behind a gap. */
  readonly waitingIds: readonly string[]
  readonly parameters: number
  readonly exits: readonly ExitSummary[]
  readonly ensemble: ClassifierSummary
  readonly intervals: EntryIntervals
  /** What comparisons are made of. */
  readonly counts: EntryAggregate['counts']
  readonly ranking: RankedEntry
  /** How firmly each exit is on the frontier, shallowest first: a share of resamples. */
  readonly frontierShares: readonly number[]
  readonly synthetic: boolean
  /** Whether a check disputes one of its runs. */
  readonly disputed: boolean
  /** What its tier rests on, in one line. */
  readonly evidence: string
  /** ISO 8601: when the latest of its runs was published. */
  readonly updatedAt: string
}

/** An entry within a budget. */
export interface BudgetEntry {
  readonly id: string
  /** The exit that answers: the deepest that the budget pays for. */
  readonly k: number
  /** By that exit. */
  readonly ranking: RankedEntry
}

/** Entries within a budget, best first. */
export interface BudgetClass {
  readonly budgetMacs: number
  readonly entries: readonly BudgetEntry[]
}

export interface BoardTable {
  readonly track: TrackSummary
  /** Best first. */
  readonly entries: readonly BoardEntry[]
  /** Networks with early exits by budget, ascending (`RankedTrack`); a budget that changes nothing against the smaller one is left out. */
  readonly classes: readonly BudgetClass[]
  /** How far seeds lie apart on the track. */
  readonly spreads: TrackSpreads
}

const keepTable = createVersionCache<BoardTable>(8)

/** The ranked table of a track; ranked once for each state of the database. */
export async function getBoardTable(track: TrackSummary): Promise<BoardTable> {
  return await keepTable(track.digest, track.version, async () => {
    const { db } = await getStore()
    const { ranked, classes, spreads } = await keptRanking(db, track)
    const verdicts = await verdictsOfTrack(db, track.digest)
    return {
      ...{ track, spreads },
      classes: classes.map(({ budgetMacs, entries: own }) => ({
        budgetMacs,
        entries: own.map(({ aggregate, exit, ranking }) => ({
          ...{ id: aggregate.row.entryId, k: exit.k, ranking },
        })),
      })),
      entries: ranked.map((entry) => boardEntry(entry, track, verdicts)),
    }
  })
}

function boardEntry(ranked: RankedRow, track: TrackSummary, verdicts: readonly RunVerdict[]): BoardEntry {
  const { aggregate, name, exits, ranking } = ranked
  const own = verdicts.filter(({ runId }) => aggregate.runs.some((run) => run.runId === runId))
  const { row, network, specDigest, runs, waiting, parameters, ensemble, counts } = aggregate
  const { entryId: id, method, backbone, head, tier, backends, synthetic, disputed } = row
  return {
    ...{ network, id, specDigest, name, method, backbone, head, tier, backends, parameters },
    ...{ exits, ensemble, counts, ranking, synthetic, disputed },
    get intervals() {
      return ranked.intervals
    },
    evidence: entryEvidence(tier, runs.length, own),
    seeds: runs.map(({ seed }) => seed),
    runIds: runs.map(({ runId }) => runId),
    waitingIds: waiting.map(({ runId }) => runId),
    frontierShares: track.frontierShares[id] ?? exits.map(() => 0),
    updatedAt: row.updatedAt.toISOString(),
  }
}
