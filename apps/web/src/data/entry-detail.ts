import {
  type BegunRun,
  begunRuns,
  begunRunsOfEntries,
  findEntry,
  findWithdrawnEntry,
  originsOfRuns,
  type RunDetail,
  type RunOrigin,
  runsOfEntry,
  type VerdictSummary,
  verdictsOfRuns,
  type WithdrawnEntry,
} from '@mate-bench/store'
import { cache } from 'react'
import { type BoardEntry, getBoardTable } from './board-table.ts'
import { getStore } from './store.ts'
import { getTracks } from './tracks.ts'

export interface EntryDetail {
  readonly entry: BoardEntry
  /** Counted runs with their manifests, by seed. */
  readonly runs: readonly RunDetail[]
  /** Further runs of seeds that are there already. */
  readonly repeats: readonly RunDetail[]
  /** Runs of seeds behind a gap. */
  readonly waiting: readonly RunDetail[]
  /** Submissions that any of these came of. */
  readonly origins: readonly RunOrigin[]
  /** Every run of it that was ever begun. */
  readonly begun: readonly BegunRun[]
  /** How checks of any of these ended, newest first. */
  readonly verdicts: readonly VerdictSummary[]
  /** All entries of the track. */
  readonly table: readonly BoardEntry[]
}

export interface GoneEntry {
  readonly entry: WithdrawnEntry
  readonly begun: readonly BegunRun[]
}

/** An entry of which every run was withdrawn; undefined for any other, and where there is none. */
export const getGoneEntry = cache(async (id: string): Promise<GoneEntry | undefined> => {
  const { db } = await getStore()
  const entry = await findWithdrawnEntry(db, id)
  return entry && { entry, begun: await begunRuns(db, [entry.experimentDigest]) }
})

/** An entry as its page shows it, by its id or a former one; undefined where there is none. */
export const getEntryDetail = cache(async (id: string): Promise<EntryDetail | undefined> => {
  const { db } = await getStore()
  const found = await findEntry(db, id)
  const track = (await getTracks()).find(({ digest }) => digest === found?.trackDigest)
  if (!found || !track) return undefined
  const table = await getBoardTable(track)
  const entry = table.entries.find((candidate) => candidate.id === found.id)
  if (!entry) return undefined
  const counted = new Set(entry.runIds)
  const all = await runsOfEntry(db, found.id)
  const waiting = new Set(entry.waitingIds)
  const begun = (await begunRunsOfEntries(db, [found.id])).get(found.id) ?? []
  const withdrawn = new Set(begun.flatMap(({ runId, standing }) => (standing === 'withdrawn' ? [runId] : [])))
  return {
    entry,
    runs: all.filter((run) => counted.has(run.id)),
    repeats: all.filter((run) => ![counted, waiting, withdrawn].some((ids) => ids.has(run.id))),
    waiting: all.filter((run) => waiting.has(run.id)),
    origins: await originsOfRuns(
      db,
      all.map((run) => run.id),
    ),
    begun,
    verdicts: await verdictsOfRuns(
      db,
      all.map((run) => run.id),
    ),
    table: table.entries,
  }
})
