import type { TrackSpreads } from '@mate-bench/stats'
import { type Db, entryRuns, findEntry, findRun, type RunDetail, type StoredRun } from '@mate-bench/store'
import {
  type EntrySums,
  findTableRow,
  imageSums,
  type TrackSummary,
  type TrackTableRow,
  trackSummaries,
} from '@mate-bench/store/track-table'
import { mostCompared } from '../view/board-params.ts'
import { type BoardEntry, type BoardTable, getBoardTable } from './board-table.ts'
import { getStore } from './store.ts'

export interface ComparedEntry extends BoardEntry {
  /** Those that count, by seed. */
  readonly runs: readonly StoredRun[]
  /** How many of its runs get each image right. */
  readonly sums: EntrySums
}

export interface Comparison {
  /** As asked for; those that were found. */
  readonly entries: readonly ComparedEntry[]
  /** The first run of each entry. */
  readonly runs: readonly RunDetail[]
  readonly dataset: string
  /** Test images of the track. */
  readonly images: number
  /** How far seeds lie apart on the track. */
  readonly spreads: TrackSpreads
}

export type ComparisonResult =
  | { readonly ok: true; readonly comparison: Comparison }
  | { readonly ok: false; readonly reason: string }

/** Entries of one track, side by side, by their ids or former ones. */
export async function getComparison(ids: readonly string[]): Promise<ComparisonResult> {
  const refuse = (reason: string) => ({ ok: false as const, reason })
  const asked = [...new Set(ids)]
  if (asked.length < 2) return refuse('Choose two to six entries on the board, and compare them.')
  if (asked.length > mostCompared) return refuse(`At most ${mostCompared} entries can be compared.`)
  const { db } = await getStore()
  const found = await Promise.all(asked.map((id) => findEntry(db, id)))
  const missing = asked.find((_, i) => found[i] === undefined)
  if (missing !== undefined) return refuse(`There is no entry ${missing}.`)
  const wanted = [...new Set(found.flatMap((entry) => entry?.id ?? []))]
  if (wanted.length < 2) {
    return refuse(
      'These are one entry by now: the same experiment under other names. Choose another beside it.',
    )
  }
  const digests = new Set(found.map((entry) => entry?.trackDigest))
  if (digests.size > 1) {
    return refuse(
      'These entries are on different tracks: other images, other splits. Only entries of one track can be compared.',
    )
  }
  const [digest] = digests
  if (digest === undefined) return refuse('The track of these entries is gone.')
  const compared = await readCompared(db, digest, wanted)
  if (compared === 'gone') return refuse('The track of these entries is gone.')
  if (compared === 'changing') {
    return refuse('Runs are being published on this track right now. Load the page again.')
  }
  const { track, table, entries } = compared
  const runs = await Promise.all(entries.map(({ runIds }) => findRun(db, runIds[0] ?? '')))
  const { dataset, splits } = track.document
  return {
    ok: true,
    comparison: {
      entries,
      runs: runs.flatMap((run) => run ?? []),
      dataset,
      images: splits.test.count,
      spreads: table.spreads,
    },
  }
}

/** How often the entries are read again because a run was published in between. */
const mostReads = 5

interface Compared {
  readonly track: TrackSummary
  readonly table: BoardTable
  readonly entries: readonly ComparedEntry[]
}

/**
 * The entries with sums of the very runs that their counts are of. The table is kept from an earlier request or read later than
 * the sums, so a run may be published in between: then both are read again.
 */
async function readCompared(
  db: Db,
  trackDigest: string,
  ids: readonly string[],
): Promise<Compared | 'gone' | 'changing'> {
  for (let read = 0; read < mostReads; read++) {
    const { track, rows, sums, runs } = await readSnapshot(db, trackDigest, ids)
    if (!track) return 'gone'
    const table = await getBoardTable(track)
    const inTable = new Map(table.entries.map((entry) => [entry.id, entry]))
    if (!ids.every((id) => isOfSameRuns(inTable.get(id), rows.get(id)))) continue
    const stored = new Map(runs.map((run) => [run.runId, run]))
    const entries = ids.flatMap((id) => {
      const entry = inTable.get(id)
      const own = sums.get(id)
      if (!entry || !own) return []
      return [{ ...entry, sums: own, runs: entry.runIds.flatMap((runId) => stored.get(runId) ?? []) }]
    })
    return { track, table, entries }
  }
  return 'changing'
}

/** Everything at one moment: read one after the other, sums might be of a run more than the rows. */
async function readSnapshot(db: Db, trackDigest: string, ids: readonly string[]) {
  return await db.transaction(
    async (tx) => {
      const tracks = await trackSummaries(tx)
      const rows = new Map<string, TrackTableRow>()
      for (const id of ids) {
        const row = await findTableRow(tx, id)
        if (row) rows.set(id, row)
      }
      return {
        track: tracks.find(({ digest }) => digest === trackDigest),
        rows,
        sums: await imageSums(tx, [...rows.values()]),
        runs: await entryRuns(tx, ids),
      }
    },
    { isolationLevel: 'repeatable read', accessMode: 'read only' },
  )
}

/** Counts follow from which runs count, so equal runs have equal counts. */
function isOfSameRuns(entry: BoardEntry | undefined, row: TrackTableRow | undefined): boolean {
  if (!entry || !row) return !entry && !row
  const { runs } = row.aggregate
  return runs.length === entry.runIds.length && runs.every(({ runId }, i) => runId === entry.runIds[i])
}
