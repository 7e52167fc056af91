/** `npm run lighthouse`: what Lighthouse makes of the pages that people land on, as a table. */
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs, promisify } from 'node:util'
import { listenForStop } from '@mate-bench/worker'
import { z } from 'zod'
import { runTool } from '../support/run-tool.ts'
import { withSite } from '../support/with-site.ts'

/** Not in the lockfile: it wants a newer Node than the project, and nothing else of the project needs it. */
const lighthouse = 'lighthouse@13.5.0'

const help = `Measures board, track, entry, results and submit with ${lighthouse}, on a desk and on a slow phone.

Usage: npm run lighthouse -- [options]

  --url URL       a site that is running (default: one is served over the current database, and stopped again)
  --runs N        measures each page N times and shows the best: what else the machine does only makes a page slower (default 3)
  --only WORD     only pages whose name has this word
  --help          this text

It is fetched by npx. The browser is /usr/bin/chromium, or that of MATE_BENCH_CHROMIUM. Exits with 1 where a score is
below 95.

Examples:
  npm run lighthouse
  npm run lighthouse -- --url http://localhost:3000 --runs 5 --only board`

/** Away from the ports of `npm start` and of the browser tests. */
const firstPort = 4760
const least = 95
const forms = ['desktop', 'mobile'] as const
const categories = ['performance', 'accessibility', 'best-practices', 'seo'] as const

const metrics = {
  FCP: 'first-contentful-paint',
  LCP: 'largest-contentful-paint',
  TBT: 'total-blocking-time',
  CLS: 'cumulative-layout-shift',
} as const

const reportSchema = z.object({
  categories: z.record(z.string(), z.object({ score: z.number().nullable() })),
  audits: z.record(z.string(), z.object({ displayValue: z.string().optional() })),
})

type Report = z.infer<typeof reportSchema>

const entriesSchema = z.object({ data: z.array(z.object({ id: z.string() })) })
const tracksSchema = z.object({ data: z.array(z.object({ digest: z.string() })) })

await runTool(async () => {
  const { values } = parseArgs({
    options: {
      url: { type: 'string' },
      runs: { type: 'string', default: '3' },
      only: { type: 'string', default: '' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return console.log(help)
  const options = { runs: Number(values.runs), only: values.only }
  if (values.url !== undefined) return await measureSite(new URL(values.url), options)
  const signals = listenForStop(() => process.stderr.write('Stopping.\n'))
  try {
    await withSite({ port: firstPort, stop: signals.stop, say: console.error }, (site) =>
      measureSite(site, options),
    )
  } finally {
    signals.close()
  }
})

async function measureSite(
  site: URL,
  { runs, only }: { readonly runs: number; readonly only: string },
): Promise<void> {
  const pages = (await landingPages(site)).filter(([name]) => name.includes(only))
  const rows: string[][] = [['page', 'form', ...categories, ...Object.keys(metrics), 'load']]
  for (const [name, path] of pages) {
    for (const form of forms) {
      const reports: Report[] = []
      for (let run = 0; run < runs; run++) reports.push(await measureAgain(new URL(path, site), form))
      const [best] = reports.sort((a, b) => scoreOf(b, 'performance') - scoreOf(a, 'performance'))
      if (!best) continue
      const scores = categories.map((category) => scoreOf(best, category))
      if (scores.some((score) => score < least)) process.exitCode = 1
      const shown = Object.values(metrics).map((audit) => best.audits[audit]?.displayValue ?? '')
      rows.push([name, form, ...scores.map(String), ...shown, loadavg()[0]?.toFixed(1) ?? ''])
    }
  }
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)))
  for (const row of rows) console.log(row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  '))
}

/** Where people land: the pages with an entry and a track only where the site has one. */
async function landingPages(site: URL): Promise<(readonly [name: string, path: string])[]> {
  const { data: entries } = entriesSchema.parse(await json(new URL('/api/v1/entries?limit=1', site)))
  const { data: tracks } = tracksSchema.parse(await json(new URL('/api/v1/tracks', site)))
  return [
    ['board', '/'],
    ...tracks.slice(0, 1).map(({ digest }) => ['track', `/tracks/${digest.slice(7, 15)}`] as const),
    ...entries.map(({ id }) => ['entry', `/entries/${id}`] as const),
    ['results', '/results'],
    ['submit', '/submit'],
  ]
}

async function json(url: URL): Promise<unknown> {
  return await (await fetch(url)).json()
}

/** Now and then Lighthouse loses the start of a page (`NO_NAVSTART`): that says nothing of the page. */
async function measureAgain(url: URL, form: (typeof forms)[number], attempts = 3): Promise<Report> {
  try {
    return await measure(url, form)
  } catch (error) {
    const text = String(error)
    if (attempts === 1 || !text.includes('Runtime error encountered')) throw error
    process.stderr.write(`${url.pathname}, ${form}: Lighthouse failed, once more\n`)
    return await measureAgain(url, form, attempts - 1)
  }
}

async function measure(url: URL, form: (typeof forms)[number]): Promise<Report> {
  const folder = mkdtempSync(join(tmpdir(), 'mate-bench-lighthouse-'))
  const file = join(folder, 'report.json')
  try {
    await promisify(execFile)(
      'npx',
      [
        '--yes',
        lighthouse,
        url.href,
        ...(form === 'desktop' ? ['--preset=desktop'] : []),
        '--throttling-method=simulate',
        '--chrome-flags=--headless=new --no-sandbox --disable-gpu',
        '--output=json',
        `--output-path=${file}`,
        '--quiet',
      ],
      { env: { ...process.env, CHROME_PATH: process.env.MATE_BENCH_CHROMIUM ?? '/usr/bin/chromium' } },
    )
    return reportSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function scoreOf({ categories: scores }: Report, category: string): number {
  return Math.round(100 * (scores[category]?.score ?? 0))
}
