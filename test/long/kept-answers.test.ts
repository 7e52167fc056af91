import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { migrate, openArtifacts, openStore, publishRun, stopEmbedded } from '@mate-bench/store'
import { syntheticRun } from '@mate-bench/store/testing'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { type StartedProgram, startProgram } from '../support/start-program.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

// Builds the site where nobody has.
vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 })

/** Two sites on one database, and a third process that publishes. */

const place = temporaryFolder()
const folder = join(place, 'postgres')
const artifacts = join(place, 'artifacts')
const programs: StartedProgram[] = []
let sites: string[]

beforeAll(async () => {
  await publish('first')
  sites = [await serve(), await serve()]
})
afterAll(async () => {
  for (const { child, ended } of programs) {
    child.kill('SIGTERM')
    await ended
  }
  await stopEmbedded({ folder })
})

async function serve(): Promise<string> {
  const environment = { DATABASE_URL: '', POSTGRES_URL: '', MATE_BENCH_DB: folder }
  const program = startProgram(['serve', '--port', '3600'], {
    ...environment,
    MATE_BENCH_ARTIFACTS: artifacts,
    MATE_BENCH_URL: 'http://bench.test',
  })
  programs.push(program)
  const [address] = await program.says(/http:\/\/localhost:\d+/)
  return address
}

async function publish(name: string): Promise<void> {
  const store = await openStore({ folder })
  try {
    await migrate(store.db)
    await publishRun(store.db, await openArtifacts(artifacts), syntheticRun({ name }), { tier: 'recomputed' })
  } finally {
    await store.close()
  }
}

const get = async (url: string, headers: Record<string, string> = {}) => await fetch(url, { headers })
const everywhere = ['/', '/board.csv', '/feed.xml', '/api/v1/entries', '/datasets/fashion-mnist-mini']

it('is shown by each, two seconds after another process published it', async () => {
  const reads = (path: string) =>
    Promise.all(sites.map(async (site) => await (await get(site + path)).text()))
  for (const path of everywhere) {
    for (const text of await reads(path)) expect(text, path).not.toContain('second')
  }
  await publish('second')
  await sleep(2000)
  for (const path of everywhere) {
    const [one = '', other = ''] = await reads(path)
    if (path !== '/datasets/fashion-mnist-mini') expect(one, path).toContain('second')
    // Both give the same bytes, so that a cache before them keeps one copy.
    expect(other, path).toBe(one)
  }
})

it.each(everywhere)('%s is kept by caches, compressed, and not sent twice', async (path) => {
  const answers = await Promise.all(sites.map((site) => get(site + path, { 'accept-encoding': 'gzip' })))
  const etags = answers.map(({ headers }) => headers.get('etag') ?? '')
  expect(new Set(etags).size).toBe(1)
  for (const [i, { status, headers }] of answers.entries()) {
    expect([status, headers.get('content-encoding')]).toEqual([200, 'gzip'])
    expect(headers.get('cache-control')).toMatch(
      /^public, max-age=0, s-maxage=\d+, stale-while-revalidate=\d+$/,
    )
    expect(headers.get('vary')).toContain('accept-encoding')
    const again = await get(sites[i] + path, { 'if-none-match': etags[i] ?? '', 'accept-encoding': 'gzip' })
    expect([again.status, again.headers.get('etag'), await again.text()]).toEqual([304, etags[i], ''])
  }
})

it('names every inline script of a page by its hash, and no nonce', async () => {
  const [site] = sites
  for (const path of ['/', '/docs', '/methods/mate', '/compare']) {
    const answer = await get(site + path)
    const policy = answer.headers.get('content-security-policy') ?? ''
    const html = await answer.text()
    const inline = [
      ...html.matchAll(/<script(?![^>]*(?: src=|type="application\/))[^>]*>([\s\S]*?)<\/script>/g),
    ]
    expect(inline.length, path).toBeGreaterThan(1)
    for (const [, text = ''] of inline) {
      const digest = createHash('sha256').update(text).digest('base64')
      expect(policy, `${path}: ${text.slice(0, 80)}`).toContain(`'sha256-${digest}'`)
    }
    expect(policy + html).not.toContain('nonce')
    expect(policy).not.toMatch(/script-src [^;]*unsafe/)
  }
})

it('tells caches to keep nothing of what is live or a reader’s own', async () => {
  const [site] = sites
  for (const path of ['/queue', '/submit', '/api/v1/submissions', '/api/v1/version', '/nothing']) {
    expect((await get(site + path)).headers.get('cache-control'), path).toMatch(/no-store/)
  }
  const own = await get(`${site}/`, {
    cookie: 'a=b',
    'accept-language': 'de',
    'x-forwarded-host': 'evil.example',
  })
  expect(await own.text()).toBe(await (await get(`${site}/`)).text())
})

it('lets pages of others read data', async () => {
  const [site] = sites
  for (const path of ['/board.json', '/feed.xml', '/api/v1/entries', '/api/v1/openapi.json']) {
    const { headers } = await get(site + path)
    expect(headers.get('access-control-allow-origin'), path).toBe('*')
  }
  expect((await get(`${site}/`)).headers.has('access-control-allow-origin')).toBe(false)
})
