import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { runSpec } from '@mate-bench/harness'
import { localQueue, openArtifacts } from '@mate-bench/store'
import { openTestStore, type TestStore } from '@mate-bench/store/testing'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import type { ApiApp } from '../../apps/web/src/api/api-app.ts'
import { createApi } from '../../apps/web/src/api/create-api.ts'
import { describedApi } from '../../apps/web/src/api/described-api.ts'
import { testLimits } from '../../apps/web/src/api/testing/test-api.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { tinySpec } from '../support/tiny-spec.ts'

// Trains and starts the real program: slow where a machine has much else to do.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 300_000 })

const program = fileURLToPath(new URL('../../apps/cli/bin/mate-bench.js', import.meta.url))
const place = temporaryFolder()
const errors: unknown[] = []

/** A database with its artifact folder: what one site is made of. */
interface Site {
  readonly store: TestStore
  readonly artifacts: string
}
let source: Site
let target: Site

beforeAll(async () => {
  source = { store: await openTestStore(), artifacts: join(place, 'artifacts') }
  target = { store: await openTestStore('embedded', { empty: true }), artifacts: join(place, 'imported') }
  const runs = join(place, 'runs')
  for (const [spec, seed] of [
    [tinySpec(), 1],
    [tinySpec(), 2],
    [tinySpec({ name: 'tiny-joint', method: { name: 'joint' } }), 1],
  ] as const) {
    const { folder } = await runSpec({ spec, seed, out: runs, backend: 'wasm' })
    await mateBench(source, 'publish', folder)
  }
  await mateBench(source, 'db', 'seed', '--no-results')
  await mateBench(source, 'db', 'export', join(place, 'export'))
  await mateBench(target, 'db', 'migrate')
  await mateBench(target, 'db', 'import', join(place, 'export'))
})
afterAll(async () => {
  await source?.store.close()
  await target?.store.close()
})

/** Fails where the program does. */
async function mateBench({ store, artifacts }: Site, ...args: readonly string[]): Promise<void> {
  const env = { ...process.env, DATABASE_URL: store.url, MATE_BENCH_ARTIFACTS: artifacts }
  await promisify(execFile)(process.execPath, [program, ...args], { env })
}

async function apiOf({ store, artifacts }: Site): Promise<ApiApp> {
  const opened = await openArtifacts(artifacts)
  return createApi({
    db: async () => store.db,
    artifacts: async () => opened,
    launcher: localQueue,
    clock: () => new Date(0),
    limits: testLimits,
    trustedProxy: { kind: 'none' },
    onError: (error) => errors.push(error),
  })
}

interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

async function ask(api: ApiApp, path: string): Promise<Answer> {
  const response = await api.request(path)
  const body = Buffer.from(await response.arrayBuffer()).toString('base64')
  return { status: response.status, headers: Object.fromEntries(response.headers), body }
}

/** Every page of a list: its addresses and its rows. */
async function readList(api: ApiApp, list: string, limit: number) {
  const addresses: string[] = []
  const rows: Record<string, string>[] = []
  let cursor: string | null = ''
  do {
    const path: string = `/api/v1${list}?limit=${limit}${cursor === '' ? '' : `&cursor=${cursor}`}`
    addresses.push(path)
    const page: { data: Record<string, string>[]; next?: string | null } = await (
      await api.request(path)
    ).json()
    rows.push(...page.data)
    cursor = page.next ?? null
  } while (cursor !== null)
  return { addresses, rows }
}

/** What each address that reads takes for its parameter. */
async function everyAddress(api: ApiApp): Promise<string[]> {
  const [entries, runs, specs, tracks, published, submissions] = await Promise.all([
    readList(api, '/entries', 1),
    readList(api, '/runs', 1),
    readList(api, '/specs', 1),
    readList(api, '/tracks', 1),
    readList(api, '/published-results', 200),
    readList(api, '/submissions', 1),
  ])
  const lists = [entries, runs, specs, tracks, published, submissions]
  const ids = ({ rows }: (typeof lists)[number], key = 'id') => rows.map((row) => row[key] ?? '')
  const details = await Promise.all(
    ids(runs).map(async (id) => (await api.request(`/api/v1/runs/${id}`)).json()),
  )
  const files = details.flatMap(({ artifacts }) => artifacts.map(({ sha256 }: { sha256: string }) => sha256))
  const methods = (await (await api.request('/api/v1/methods')).json()).data
  const datasets = (await (await api.request('/api/v1/datasets')).json()).data
  const tables = await Promise.all(
    ids(tracks, 'digest').map((digest) => readList(api, `/tracks/${digest}/table`, 1)),
  )
  const events = await readList(api, '/ledger/events', 1)
  const values: Readonly<Record<string, readonly string[]>> = {
    entries: ids(entries),
    badges: ids(entries).flatMap((id) => [id, `${id}.svg`]),
    runs: ids(runs),
    specs: ids(specs, 'digest'),
    tracks: ids(tracks, 'digest'),
    artifacts: files,
    methods: methods.map(({ name }: { name: string }) => name),
    datasets: datasets.map(({ name }: { name: string }) => name),
    // What was asked for is not public once it is exported: only an address that leads nowhere is left.
    submissions: [`sub_${'0'.repeat(20)}`],
    // Nobody gave a verdict here.
    verdicts: [`verdict_${'0'.repeat(20)}`],
    ledger: ids(runs),
    index: events.rows.map(({ index }) => String(index)),
  }
  const reading = Object.entries(describedApi().paths ?? {}).flatMap(([path, item]) =>
    item.get ? [path] : [],
  )
  const single = reading.flatMap((path) => {
    const parameter = /\{\w+\}/.exec(path)?.[0]
    if (parameter === undefined)
      return [path === '/api/v1/ledger/consistency' ? `${path}?first=1&second=2` : path]
    const kind = parameter === '{index}' ? 'index' : (path.split('/')[3] ?? '')
    return (values[kind] ?? []).map((value) => path.replace(parameter, value))
  })
  const predictions = ids(runs).flatMap((id) =>
    ['test', 'validation'].flatMap((split) =>
      ['json', 'parquet'].map((format) => `/api/v1/runs/${id}/predictions?split=${split}&format=${format}`),
    ),
  )
  return [
    ...new Set([
      ...single,
      ...predictions,
      ...[...lists, ...tables, events].flatMap(({ addresses }) => addresses),
    ]),
  ]
}

it('gives the same answer at every address of the API, byte for byte', async () => {
  const [before, after] = [await apiOf(source), await apiOf(target)]
  const addresses = await everyAddress(before)
  const templates = new Set(addresses.map((path) => path.split('/')[3]?.split('?')[0]))
  expect([...templates].sort()).toEqual(
    [...new Set(Object.keys(describedApi().paths ?? {}).map((path) => path.split('/')[3]))].sort(),
  )
  // Two entries, three runs with six files each, two splits in two formats, and more than 700 printed numbers.
  expect(addresses.length).toBeGreaterThan(70)
  for (const path of addresses) {
    const expected = await ask(before, path)
    // Runs of tests are not signed.
    expect(expected.status, path).toBe(/\/(sub|verdict)_|\/signature$/.test(path) ? 404 : 200)
    const imported = await ask(after, path)
    // A database names the state of its own data.
    if (path === '/api/v1/version') expect(imported.status).toBe(200)
    else expect(imported, path).toEqual(expected)
    const etag = expected.headers.etag
    if (expected.status !== 200 || path === '/api/v1/version') continue
    expect(etag, path).toBeDefined()
    const again = await after.request(path, { headers: { 'if-none-match': etag ?? '' } })
    expect(again.status, path).toBe(304)
  }
  expect(errors).toEqual([])
})
