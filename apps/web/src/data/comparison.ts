import type { TrackSpreads } from '@mate-bench/stats'
import { entryRuns, findEntry, findRun, type RunDetail, type StoredRun } from '@mate-bench/store'
import { type EntrySums, findTableRow, imageSums } from '@mate-bench/store/track-table'
import { mostCompared } from '../view/board-params.ts'
import { type BoardEntry, getBoardTable } from './board-table.ts'
import { getStore } from './store.ts'
import { getTracks } from './tracks.ts'

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
  const track = (await getTracks()).find(({ digest }) => digests.has(digest))
  if (!track) return refuse('The track of these entries is gone.')
  const table = await getBoardTable(track)
  const rows = await entryRuns(db, wanted)
  const tableRows = await Promise.all(wanted.map((id) => findTableRow(db, id)))
  const summed = await imageSums(
    db,
    tableRows.flatMap((row) => row ?? []),
  )
  const stored = new Map(rows.map((run) => [run.runId, run]))
  const entries = wanted.flatMap((id) => {
    const entry = table.entries.find((candidate) => candidate.id === id)
    const sums = summed.get(id)
    if (!entry || !sums) return []
    return [{ ...entry, sums, runs: entry.runIds.flatMap((runId) => stored.get(runId) ?? []) }]
  })
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
