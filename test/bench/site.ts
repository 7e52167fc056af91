/** `npm run bench:site`: latency, weight, queries and plans of the site over synthetic entries. Asserts nothing. */
import { randomBytes } from 'node:crypto'
import { rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { listEntries, migrate, openStore, type Store, seedReferences, stopEmbedded } from '@mate-bench/store'
import { trackSummaries } from '@mate-bench/store/track-table'
import { listenForStop } from '@mate-bench/worker'
import { runTool } from '../support/run-tool.ts'
import { withSite } from '../support/with-site.ts'
import { readCount } from './read-count.ts'
import { startCountingProxy } from './site/counting-proxy.ts'
import { fetchBytes } from './site/load.ts'
import { measureTarget, type Target } from './site/measure-target.ts'
import { explain } from './site/plans.ts'
import { countQueries, type PageQueries } from './site/queries-per-page.ts'
import { formatSiteReport, type SiteReport } from './site/report.ts'
import { withConstantServer } from './site/with-constant-server.ts'
import { fillDatabase } from './synthetic/fill-database.ts'

const help = `Measures the site over a database of its own with synthetic entries, and prints the figures. Nothing is asserted.

Latency is until the last byte, compressed, with all readers on this machine: they and the site share its cores. Beside each
address a bare server answers with as many bytes that never change: the ratio says what the site adds. The first visit after a
publish is the time until a synthetic entry that was just published is shown. Queries are counted on the wire, for a page that nobody asked for before and for the next visit, with a tenth of
the entries and with all of them. Plans are those of the board's and the entry page's first visit.

Usage: npm run bench:site -- [options]

  --entries N    synthetic entries, three runs each (default 2000)
  --readers N,M  readers at a time, one measurement after another (default 1,10,50)
  --seconds N    length of each measurement of latency (default 5)
  --json         the figures as JSON
  --help         this text

The database is in a temporary folder and is removed at the end; the site is built first where its sources changed.

Examples:
  npm run bench:site
  npm run bench:site -- --entries 200 --readers 1,5 --seconds 3`

const referencesFolder = fileURLToPath(new URL('../../bench-specs/references', import.meta.url))
/** Away from the port of `npm start`, which may be running. */
const firstPort = 4700
/** By then a site asks for the version before it answers. */
const noticedMilliseconds = 2000

await runTool(async () => {
  const { values } = parseArgs({
    options: {
      entries: { type: 'string', default: '2000' },
      readers: { type: 'string', default: '1,10,50' },
      seconds: { type: 'string', default: '5' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return console.log(help)
  const options = {
    entries: readCount('entries', values.entries, 20_000),
    readers: values.readers.split(',').map((count) => readCount('readers', count, 200)),
    seconds: readCount('seconds', values.seconds, 120),
  }
  const signals = listenForStop(() => say('Stopping.'))
  try {
    const report = await withTemporaryStore((store, url) => measureSite(store, url, options, signals.stop))
    console.log(values.json ? JSON.stringify(report, null, 2) : formatSiteReport(report))
  } finally {
    signals.close()
  }
})

function say(line: string): void {
  process.stderr.write(`${line}\n`)
}

/** A server of its own, in a folder that is gone afterwards. */
async function withTemporaryStore<T>(work: (store: Store, url: string) => Promise<T>): Promise<T> {
  const folder = join(tmpdir(), `mate-bench-site-${randomBytes(6).toString('hex')}`)
  // An address in the environment would be somebody's database.
  delete process.env.DATABASE_URL
  delete process.env.POSTGRES_URL
  try {
    const store = await openStore({ folder })
    try {
      return await work(store, store.embedded?.url ?? '')
    } finally {
      await store.close()
    }
  } finally {
    await stopEmbedded({ folder })
    rmSync(folder, { recursive: true, force: true })
  }
}

interface Options {
  readonly entries: number
  readonly readers: readonly number[]
  readonly seconds: number
}

async function measureSite(
  { db }: Store,
  databaseUrl: string,
  { entries, readers, seconds }: Options,
  stop: AbortSignal,
): Promise<SiteReport> {
  await migrate(db)
  await seedReferences(db, referencesFolder)
  let present = 0
  const fill = async (count: number) => {
    const filled = await fillDatabase(db, { entries: count, runsPerEntry: 3, seed: 1, present })
    present = count
    say(`${count} entries, written in ${filled.seconds.toFixed(1)} s.`)
  }
  const proxy = await startCountingProxy(databaseUrl)
  const countAt = async () => {
    process.env.DATABASE_URL = proxy.url
    const paths = await targetPaths(db)
    return await withSite({ port: firstPort, stop, say }, (site) =>
      countQueries(site, Object.values(paths), proxy),
    )
  }
  try {
    const few = Math.max(1, Math.round(entries / 10))
    await fill(few)
    const queriesOfFew = await countAt()
    await fill(entries)
    const queries = await countAt()
    const paths = await targetPaths(db)
    // Measured without the proxy in between.
    process.env.DATABASE_URL = databaseUrl
    /** How long the first visit takes that shows what was just published. */
    const visitAfterPublish = async (url: URL) => {
      await fill(present + 1)
      await sleep(noticedMilliseconds)
      const began = performance.now()
      await fetchBytes(url)
      return performance.now() - began
    }
    const targets = await withSite({ port: firstPort, stop, say }, (site) =>
      withConstantServer(async (constantServer) => {
        const measured: (Target & { afterPublishMilliseconds: number })[] = []
        for (const [name, path] of Object.entries(paths)) {
          const url = new URL(path, site)
          // The very first visits are figures of their own.
          for (let i = 0; i < 2; i++) await fetchBytes(url)
          say(`${name}: ${readers.join(', ')} readers for ${seconds} s each`)
          const target = await measureTarget(name, url, constantServer, { readers, seconds })
          measured.push({ ...target, afterPublishMilliseconds: await visitAfterPublish(url) })
        }
        return measured
      }),
    )
    const [board, entry] = queries
    return {
      entries,
      fewEntries: few,
      largestTrack: (await trackSummaries(db))[0]?.entries ?? 0,
      seconds,
      targets: targets.map((target, i) => ({
        ...target,
        queries: { few: countsOf(queriesOfFew[i]), all: countsOf(queries[i]) },
        firstMilliseconds: queries[i]?.firstMilliseconds ?? 0,
      })),
      plans: {
        board: await explain(databaseUrl, board?.first ?? []),
        entry: await explain(databaseUrl, entry?.first ?? []),
        apiEntry: await explain(databaseUrl, queries.at(-1)?.first ?? []),
      },
    }
  } finally {
    await proxy.close()
  }
}

function countsOf(queries: PageQueries | undefined) {
  return { first: queries?.first.length ?? 0, again: queries?.again.length ?? 0 }
}

/** The board shows the largest track; the entry is one of the other tracks', so that its first visit is one. */
async function targetPaths(db: Store['db']): Promise<Record<string, string>> {
  const tracks = await trackSummaries(db)
  const other = tracks[1] ?? tracks[0]
  const page = await listEntries(db, { trackDigest: other?.digest, limit: 2 })
  const [id = '', second = ''] = page.rows.map((row) => row.id)
  return {
    board: '/',
    'entry page': `/entries/${id}`,
    comparison: `/compare?entries=${id},${second}`,
    'API, entries': '/api/v1/entries',
    'API, an entry': `/api/v1/entries/${id}`,
  }
}
