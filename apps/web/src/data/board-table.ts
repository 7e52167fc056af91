import {
  areaUnderCurve,
  type ClassifierSummary,
  type EntryAggregate,
  type EntryIntervals,
  type ExitSummary,
  type MacsRange,
  type RankedEntry,
  type TrackSpreads,
  trackMacsRange,
  trackSpreads,
} from '@mate-bench/stats'
import { type RunVerdict, verdictsOfTrack } from '@mate-bench/store'
import { imageSums, type TrackSummary, trackTable } from '@mate-bench/store/track-table'
import { entryEvidence } from '../view/tier-evidence.ts'
import { type RankedRow, rankRows } from './rank-rows.ts'
import { getStore } from './store.ts'
import { createVersionCache } from './version-cache.ts'

/** An entry in its table. */
export interface BoardEntry {
  readonly id: string
  readonly specDigest: string
  readonly name: string
  readonly method: string
  readonly backbone: string
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
  /** Mean top-1 over the logarithm of sequential MACs in the track's range. */
  readonly area: number
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

export interface BoardTable {
  readonly track: TrackSummary
  /** Best first. */
  readonly entries: readonly BoardEntry[]
  /** What the areas are taken over; the track's own, whatever entries are on it. */
  readonly macsRange: MacsRange
  /** How far seeds lie apart on the track. */
  readonly spreads: TrackSpreads
}

const keepTable = createVersionCache<BoardTable>(8)

/** The ranked table of a track; ranked once for each state of the database. */
export async function getBoardTable(track: TrackSummary): Promise<BoardTable> {
  return await keepTable(track.digest, track.version, async () => {
    const { db } = await getStore()
    const rows = await trackTable(db, track.digest)
    const ranked = await rankRows(rows, (all) => imageSums(db, all))
    const macsRange = trackMacsRange(track.document.preprocessing.imageShape)
    const spreads = trackSpreads(rows.map(({ aggregate, disputed }) => ({ ...aggregate, disputed })))
    const verdicts = await verdictsOfTrack(db, track.digest)
    const entries = ranked.map((entry) => boardEntry(entry, track, macsRange, verdicts))
    return { track, macsRange, spreads, entries }
  })
}

function boardEntry(
  { aggregate, name, exits, intervals, ranking }: RankedRow,
  track: TrackSummary,
  range: MacsRange,
  verdicts: readonly RunVerdict[],
): BoardEntry {
  const own = verdicts.filter(({ runId }) => aggregate.runs.some((run) => run.runId === runId))
  const { row, specDigest, runs, waiting, parameters, ensemble, counts } = aggregate
  const { entryId: id, method, backbone, head, tier, backends, synthetic, disputed } = row
  return {
    ...{ id, specDigest, name, method, backbone, head, tier, backends, parameters },
    ...{ exits, ensemble, intervals, counts, ranking, synthetic, disputed },
    evidence: entryEvidence(tier, runs.length, own),
    seeds: runs.map(({ seed }) => seed),
    runIds: runs.map(({ runId }) => runId),
    waitingIds: waiting.map(({ runId }) => runId),
    area: areaUnderCurve(
      exits.map(({ sequentialMacs, top1 }) => ({ sequentialMacs, top1: top1.mean })),
      range,
    ),
    frontierShares: track.frontierShares[id] ?? exits.map(() => 0),
    updatedAt: row.updatedAt.toISOString(),
  }
}
