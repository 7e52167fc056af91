import { listenForStop } from '@mate-bench/worker'
import { seedDatabase } from './database.ts'
import { withOwnDatabase } from './prepared-store.ts'
import { publishRuns } from './publish-runs.ts'
import { loadIntoEmpty } from './results/load-into-empty.ts'
import { serveSite } from './serve-site.ts'

export interface PublishAndServeOptions {
  /** Whether the site is served at the end, and where. */
  readonly serve: boolean
  readonly port: number
  /** Whether an empty database gets the results that ship. */
  readonly results: boolean
  /** What to say once everything is published. */
  readonly next: string
  readonly say: (line: string) => void
}

/**
 * The second half of the quickstart: the numbers of papers and these runs into the database, then the site. Whenever
 * it is stopped, the site and the database that were started for it end.
 *
 * @throws BenchError `interrupted` when it is stopped before everything is published
 */
export async function publishAndServe(
  folders: readonly string[],
  { serve, port, results, next, say }: PublishAndServeOptions,
): Promise<void> {
  const { stop, close } = listenForStop(() => say('Stopping.'))
  try {
    await withOwnDatabase(async () => {
      await seedDatabase({ results: false })
      if (results) await loadIntoEmpty({ stop, say })
      await publishRuns(folders, { json: false, stop })
      say(next)
      if (serve) await serveSite({ port, results: false, stop, say })
    })
  } finally {
    close()
  }
}
