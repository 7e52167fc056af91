import { findRun } from '@mate-bench/store'
import { type BoardEntry, getBoardTable } from '../../../data/board-table.ts'
import { presentRoles } from '../../../data/run-files.ts'
import { getStore } from '../../../data/store.ts'
import { getTracks } from '../../../data/tracks.ts'
import { leadersOf } from '../../../view/leaders.ts'

/** The run that the commands of the guide are about. */
export interface ExampleRun {
  readonly runId: string
  readonly entry: BoardEntry
  readonly dataset: string
  /** Whether the site has its predictions: of runs that ship, the weights give them again. */
  readonly hasPredictions: boolean
}

/** The first run of the first entry on the largest track; undefined on an empty site. */
export async function exampleRun(): Promise<ExampleRun | undefined> {
  const [track] = await getTracks()
  if (!track) return undefined
  const entry = leadersOf(await getBoardTable(track)).at(-1)?.entry
  const runId = entry?.runIds[0]
  const run = runId === undefined ? undefined : await findRun((await getStore()).db, runId)
  if (!entry || !run) return undefined
  const hasPredictions = (await presentRoles(run.manifest)).has('predictions')
  return { runId: run.id, entry, dataset: track.document.dataset, hasPredictions }
}
