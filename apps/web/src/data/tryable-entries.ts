import type { ArtifactRole } from '@mate-bench/schema'
import { manifestsOfRuns } from '@mate-bench/store'
import { tryableRun } from '../view/tryable.ts'
import { type BoardEntry, getBoardTable } from './board-table.ts'
import { presentRoles } from './run-files.ts'
import { getStore } from './store.ts'
import { getTracks } from './tracks.ts'

/** An entry whose network runs in a browser. */
export interface TryableEntry {
  readonly entry: BoardEntry
  readonly dataset: string
  readonly weightsBytes: number
}

/** Of each track, the best entries are looked at: every candidate costs a look into the artifact store. */
const mostOfTrack = 20
const mostTracks = 5

const allRoles = new Set<ArtifactRole>(['model', 'predictions'])

/** Entries that a page can run, the largest tracks first and the best of each first. */
export async function getTryableEntries(): Promise<TryableEntry[]> {
  const { db } = await getStore()
  const tables = []
  for (const track of (await getTracks()).slice(0, mostTracks)) tables.push(await getBoardTable(track))
  const candidates = tables.flatMap(({ track, entries }) =>
    entries
      .filter(({ synthetic, disputed }) => !synthetic && !disputed)
      .slice(0, mostOfTrack)
      .map((entry) => ({ entry, dataset: track.document.dataset })),
  )
  const manifests = await manifestsOfRuns(
    db,
    candidates.flatMap(({ entry }) => entry.runIds.slice(0, 1)),
  )
  const tried = await Promise.all(
    candidates.map(async ({ entry, dataset }) => {
      const manifest = manifests.get(entry.runIds[0] ?? '')
      // What is too large needs no look at its files.
      if (!manifest || !tryableRun(manifest, allRoles)) return []
      const tryable = tryableRun(manifest, await presentRoles(manifest))
      return tryable ? [{ entry, dataset, weightsBytes: tryable.weightsBytes }] : []
    }),
  )
  return tried.flat()
}
