/** `npm run seed:synthetic`: fills a database with made-up entries, for load tests. */
import { parseArgs } from 'node:util'
import { withStore } from '../../apps/cli/src/prepared-store.ts'
import { runTool } from '../support/run-tool.ts'
import { readCount } from './read-count.ts'
import { fillDatabase } from './synthetic/fill-database.ts'

const help = `Fills a database with made-up entries, for load tests. Every run is marked synthetic; a database that holds
runs that somebody trained is refused. The same options write the same rows; a second time writes nothing.

Usage: npm run seed:synthetic -- [options]

  --entries N          entries (default 2000)
  --runs-per-entry N   runs of each, one per seed (default 3)
  --seed N             another seed gives other entries (default 1)
  --help               this text

The database is that of DATABASE_URL or POSTGRES_URL, else the embedded one in MATE_BENCH_DB.

Examples:
  MATE_BENCH_DB=/tmp/load npm run seed:synthetic
  MATE_BENCH_DB=/tmp/load npm run seed:synthetic -- --entries 200 --runs-per-entry 1
  MATE_BENCH_DB=/tmp/load npm start                      look at them`

await runTool(async () => {
  const { values } = parseArgs({
    options: {
      entries: { type: 'string', default: '2000' },
      'runs-per-entry': { type: 'string', default: '3' },
      seed: { type: 'string', default: '1' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return console.log(help)
  const entries = readCount('entries', values.entries, 100_000)
  const runsPerEntry = readCount('runs-per-entry', values['runs-per-entry'], 10)
  const seed = readCount('seed', values.seed, 0xffffffff)
  await withStore(async ({ db, where }) => {
    const { runs, seconds } = await fillDatabase(db, {
      entries,
      runsPerEntry,
      seed,
      onProgress: (done) => {
        if (process.stderr.isTTY) process.stderr.write(`\r${done} of ${entries} entries`)
      },
    })
    if (process.stderr.isTTY) process.stderr.write('\r\x1b[K')
    const already = entries * runsPerEntry - runs
    console.log(
      `${runs} made-up runs written in ${seconds.toFixed(1)} s${already > 0 ? `, ${already} were there` : ''}: ${where}`,
    )
  })
})
