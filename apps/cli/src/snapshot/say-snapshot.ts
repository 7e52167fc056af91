import { openArtifacts } from '@mate-bench/store'
import { plural } from '../format/numbers.ts'
import { withStore } from '../prepared-store.ts'
import { writeSnapshot } from './write-snapshot.ts'

/** What `snapshot` does. */
export async function saySnapshot(out: string, json: boolean): Promise<void> {
  await withStore(async ({ db }) => {
    const snapshot = await writeSnapshot(db, await openArtifacts(), out)
    if (json) {
      process.stdout.write(`${JSON.stringify({ out, ...snapshot }, null, 2)}\n`)
      return
    }
    const { runs, entries, events, artifacts, signed } = snapshot
    const shown = `${plural(runs, 'run')} in ${entries === 1 ? '1 entry' : `${entries} entries`}`
    process.stdout.write(
      `${shown}, ${plural(events, 'event')} and ${plural(artifacts, 'file')} in ${out}. Open ${out}/index.html.\n`,
    )
    if (signed) return
    process.stdout.write(
      'The head of the ledger is not signed: set MATE_BENCH_SIGNING_KEY to the site’s key. Your own key would prove nothing about the site.\n',
    )
  })
}
