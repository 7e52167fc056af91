import { join } from 'node:path'
import { digestSpec } from '@mate-bench/harness/spec'
import { syntheticSpec } from '@mate-bench/harness/testing'
import { createSubmission, createToken, listEntries, listRuns, openArtifacts } from '@mate-bench/store'
import { openTestStore, type TestStore } from '@mate-bench/store/testing'
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest'
import { publishSynthetic } from '../../apps/web/src/testing/publish-synthetic.ts'
import { type CountingProxy, startCountingProxy } from '../bench/site/counting-proxy.ts'
import { countQueries } from '../bench/site/queries-per-page.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { withSite } from '../support/with-site.ts'

// Builds the site where nobody has.
vi.setConfig({ testTimeout: 600_000 })

/** Away from the port of `npm start`, which may be running. */
const firstPort = 4800
const folder = temporaryFolder()
let store: TestStore
let proxy: CountingProxy

beforeAll(async () => {
  store = await openTestStore()
  proxy = await startCountingProxy(store.url)
})
afterEach(() => vi.unstubAllEnvs())
afterAll(async () => {
  await proxy?.close()
  await store?.close()
})

it('asks the database as often for sixty entries as for five, whatever the page', async () => {
  vi.stubEnv('DATABASE_URL', proxy.url)
  vi.stubEnv('MATE_BENCH_ARTIFACTS', join(folder, 'artifacts'))
  await fill(0, 5)
  const paths = await pathsOf()
  const few = await countsOf(paths)
  await fill(5, 60)
  const many = await countsOf(paths)
  expect(many).toEqual(few)
  for (const [path, queries] of Object.entries(few)) expect(queries, path).toBeGreaterThan(0)
})

/** Publishes entries of one track and of two methods, two runs each, and submits as many specs. */
async function fill(from: number, to: number): Promise<void> {
  const artifacts = await openArtifacts()
  const { id: tokenId } = await createToken(store.db, {
    name: `filling from ${from}`,
    owner: 'ada',
    scopes: ['submit'],
    expiresAt: new Date('2100-01-01'),
  })
  for (let i = from; i < to; i++) {
    const method = { name: i % 2 === 0 ? 'joint' : 'byot' }
    const spec = syntheticSpec(`entry-${i}`, { method, seeds: [1, 2], description: `The ${i}th.` })
    for (const seed of spec.seeds) {
      const top1 = [0.5, 0.6, 0.7].map((share) => share + i / 300)
      await publishSynthetic(store.db, artifacts, { spec, seed, top1, images: 100 })
    }
    const submission = { spec, specDigest: digestSpec(spec), totalMacs: 1, tokenId, submitter: 'ada' }
    await createSubmission(store.db, submission)
  }
}

/** Every kind of page and list, of the entries that were there first. */
async function pathsOf(): Promise<string[]> {
  const { rows: entries } = await listEntries(store.db)
  const [first, second] = entries
  const [run] = (await listRuns(store.db)).rows
  if (first === undefined || second === undefined || run === undefined)
    throw new Error('nothing was published')
  const digest = first.specDigest.replace('sha256:', '')
  return [
    '/',
    `/entries/${first.id}`,
    `/runs/${run.id}`,
    `/compare?entries=${first.id},${second.id}`,
    `/explore/${run.id}`,
    '/methods',
    '/methods/joint',
    '/datasets/fashion-mnist-mini',
    '/specs',
    `/specs/${digest}`,
    '/queue',
    '/board.csv',
    '/feed.xml',
    '/sitemap.xml',
    ...[
      '/entries',
      `/entries/${first.id}`,
      '/runs',
      `/runs/${run.id}`,
      '/tracks',
      `/tracks/${first.trackDigest}/table`,
      '/specs',
      '/submissions',
    ].map((path) => `/api/v1${path}`),
  ]
}

/** Statements of each page's first visit, in a process that has kept nothing yet. */
async function countsOf(paths: readonly string[]): Promise<Record<string, number>> {
  const stop = new AbortController()
  const say = () => {}
  return await withSite({ port: firstPort, stop: stop.signal, say }, async (site) => {
    const counted = await countQueries(site, paths, proxy)
    return Object.fromEntries(counted.map(({ path, first }) => [path, first.length]))
  })
}
