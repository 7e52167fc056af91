import {
  areaUnderCurve,
  type BootstrapInterval,
  type ClassifierSummary,
  type ExitSummary,
  entryIntervals,
  frontierShares,
  type MacsRange,
  type RankedEntry,
  type TableEntry,
  tableEntries,
} from '@mate-bench/stats'
import { tiers } from '@mate-bench/store'
import { type TrackSummary, type TrackTableRun, trackTableRuns } from '@mate-bench/store/track-table'
import { getStore } from './store.ts'
import { createVersionCache } from './version-cache.ts'

/** An entry in its table, before intervals are computed. */
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
  readonly parameters: number
  readonly exits: readonly ExitSummary[]
  readonly ensemble: ClassifierSummary
  readonly ranking: RankedEntry
  /** Mean top-1 over the logarithm of sequential MACs in the track's range. */
  readonly area: number
  readonly synthetic: boolean
  /** ISO 8601, of the latest of its runs. */
  readonly publishedAt: string
  readonly table: TableEntry<TrackTableRun>
}

export interface BoardTable {
  readonly track: TrackSummary
  /** Best first. */
  readonly entries: readonly BoardEntry[]
  /** What the areas are taken over. */
  readonly macsRange: MacsRange
  /** A share an entry and exit, by entry id; empty for tracks too large to compute them while a reader waits. */
  readonly frontierShares: ReadonlyMap<string, readonly number[]>
}

export interface BoardIntervals {
  readonly exits: readonly BootstrapInterval[]
  readonly ensemble: BootstrapInterval
}

const mostForFrontierShares = 40
const keepTable = createVersionCache<BoardTable>(8)
const keepIntervals = createVersionCache<BoardIntervals>(500)

/** The ranked table of a track; computed once for each state of the database. */
export async function getBoardTable(track: TrackSummary): Promise<BoardTable> {
  return await keepTable(track.digest, track.version, async () => {
    const { db } = await getStore()
    const table = tableEntries(await trackTableRuns(db, track.document))
    const macsRange = rangeOf(table.flatMap(({ exits }) => exits.map(({ sequentialMacs }) => sequentialMacs)))
    const shares = table.length <= mostForFrontierShares ? frontierShares(table) : []
    return {
      track,
      macsRange,
      entries: table.flatMap((entry) => boardEntry(entry, macsRange)),
      frontierShares: new Map(
        table.flatMap((entry, i) => {
          const own = shares[i]
          return own ? [[entry.runs[0]?.entryId ?? '', own] as const] : []
        }),
      ),
    }
  })
}

/** Intervals of entries of one track. They depend on an entry's own runs alone, so each is computed once. */
export async function getIntervals(
  entries: readonly BoardEntry[],
): Promise<ReadonlyMap<string, BoardIntervals>> {
  const fresh: BoardEntry[] = []
  let computed: Promise<Map<string, BoardIntervals>> | undefined
  const computeFresh = () => {
    // After the loop below has collected all that are missing: they share one draw of the images.
    computed ??= Promise.resolve().then(() => {
      const intervals = entryIntervals(fresh.map(({ table }) => table))
      return new Map(fresh.flatMap(({ id }, i) => (intervals[i] ? [[id, intervals[i]]] : [])))
    })
    return computed
  }
  const pending = entries.map(async (entry) => {
    const value = await keepIntervals(
      entry.id,
      entry.table.runs.map(({ runId }) => runId).join(),
      async () => {
        fresh.push(entry)
        const found = (await computeFresh()).get(entry.id)
        if (!found) throw new RangeError(`${entry.id} has no intervals`)
        return found
      },
    )
    return [entry.id, value] as const
  })
  return new Map(await Promise.all(pending))
}

/** From the cheapest exit to the dearest; one cost alone gets a decade, so that there is an area. */
function rangeOf(costs: readonly number[]): MacsRange {
  const fromMacs = costs.reduce((least, macs) => Math.min(least, macs), Number.POSITIVE_INFINITY)
  const toMacs = costs.reduce((most, macs) => Math.max(most, macs), 0)
  return { fromMacs, toMacs: toMacs > fromMacs ? toMacs : 10 * fromMacs }
}

function boardEntry(table: TableEntry<TrackTableRun>, range: MacsRange): BoardEntry[] {
  const [first] = table.runs
  if (!first) return []
  const all = [...table.runs, ...table.repeats]
  return [
    {
      id: first.entryId,
      specDigest: table.specDigest,
      name: table.name,
      method: first.method,
      backbone: first.backbone,
      head: first.head,
      tier: tiers.find((tier) => table.runs.some((run) => run.tier === tier)) ?? first.tier,
      backends: [...new Set(table.runs.map(({ backend }) => backend))].sort(),
      seeds: table.runs.map(({ seed }) => seed),
      parameters: table.parameters,
      exits: table.exits,
      ensemble: table.ensemble,
      ranking: table.ranking,
      area: areaUnderCurve(
        table.exits.map(({ sequentialMacs, top1 }) => ({ sequentialMacs, top1: top1.mean })),
        range,
      ),
      synthetic: all.some(({ synthetic }) => synthetic),
      publishedAt: all.reduce((latest, { publishedAt }) => (publishedAt > latest ? publishedAt : latest), ''),
      table,
    },
  ]
}
