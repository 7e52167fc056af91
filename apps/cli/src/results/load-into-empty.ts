import { defaultResultsFolder, listPacked } from '@mate-bench/results'
import { databaseStatus } from '@mate-bench/store'
import { seedDatabase } from '../database.ts'
import { plural } from '../format/numbers.ts'
import { withStore } from '../prepared-store.ts'
import { loadResults } from './load-results.ts'
import { createProgress } from './progress.ts'

export interface LoadIntoEmptyOptions {
  readonly stop: AbortSignal
  readonly say: (line: string) => void
}

/**
 * Fills the embedded database with the results that ship and the numbers of papers, where it holds no run yet. Another
 * database is somebody's deployment: `mate-bench db seed` fills that.
 *
 * @throws BenchError as `loadResults`
 */
export async function loadIntoEmpty({ stop, say }: LoadIntoEmptyOptions): Promise<void> {
  const files = listPacked(defaultResultsFolder())
  if (files.length === 0) return
  await withStore(async ({ db, embedded }) => {
    if (!embedded || (await databaseStatus(db)).counts.runs > 0) return
    say(
      `The database is empty: loading the ${plural(files.length, 'run')} of bench-results (once; --no-results leaves them out) ...`,
    )
    await seedDatabase({ results: false })
    await loadResults(db, defaultResultsFolder(), { stop, onProgress: createProgress() })
  })
}
