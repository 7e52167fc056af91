import { findEntry, type RunDetail } from '@mate-bench/store'
import type { ExploredRun } from '../view/explore.ts'
import { type ExploreCurves, exploreCurves } from '../view/explore-curves.ts'
import { getEntryDetail } from './entry-detail.ts'
import { getRunFiles } from './run-files.ts'
import { getStore } from './store.ts'
import { createVersionCache } from './version-cache.ts'

/** Runs that the explorer shows, with their predictions. */
export interface ExploreData {
  /** The run of the page first, then the other seeds that its entry counts. */
  readonly runs: readonly { readonly run: RunDetail; readonly explored: ExploredRun }[]
  readonly curves: ExploreCurves
}

const keep = createVersionCache<ExploreCurves>(32)

/** @returns the reason where the run's own predictions cannot be read */
export async function getExploreData(run: RunDetail): Promise<ExploreData | { readonly reason: string }> {
  const entry = await findEntry((await getStore()).db, run.entryId)
  const counted = entry ? ((await getEntryDetail(entry.id))?.runs ?? []) : []
  // A repetition or a run behind a gap stands for itself.
  const isCounted = counted.some(({ id }) => id === run.id)
  const others = isCounted ? counted.filter(({ id }) => id !== run.id) : []
  const found = await Promise.all([run, ...others].map((each) => exploredOf(each)))
  const [own] = found
  if (!own || 'reason' in own) return { reason: own?.reason ?? '' }
  const runs = found.flatMap((each) => ('reason' in each ? [] : [each]))
  // Curves are of all seeds in whatever order.
  const versions = runs.map(({ run: { manifest } }) => manifest.manifestDigest).sort()
  const curves = await keep(isCounted ? run.entryId : run.id, versions.join(' '), async () =>
    exploreCurves(runs.map(({ explored }) => explored)),
  )
  return { runs, curves }
}

async function exploredOf(
  run: RunDetail,
): Promise<{ readonly run: RunDetail; readonly explored: ExploredRun } | { readonly reason: string }> {
  const files = await getRunFiles(run)
  if (!files.found) return { reason: files.reason }
  const { predictions, validation } = files
  const sequentialMacs = run.manifest.model.exits.map((exit) => exit.sequentialMacs)
  return { run, explored: { test: predictions.table, validation: validation?.table, sequentialMacs } }
}
