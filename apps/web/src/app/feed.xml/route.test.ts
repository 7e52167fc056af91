import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openArtifacts, publishRun } from '@mate-bench/store'
import { openTestStore, syntheticRun, type TestStore } from '@mate-bench/store/testing'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { getStore } from '../../data/store.ts'
import sitemap from '../sitemap.ts'
import { GET } from './route.ts'

const folder = mkdtempSync(join(tmpdir(), 'feed-'))
let store: TestStore

beforeAll(async () => {
  store = await openTestStore()
  vi.stubEnv('DATABASE_URL', store.url)
  await publish(1, '2026-01-01T00:00:00.000Z')
})
afterAll(async () => {
  vi.unstubAllEnvs()
  await (await getStore()).close()
  await store.close()
  rmSync(folder, { recursive: true })
})

async function publish(seed: number, at: string): Promise<void> {
  await publishRun(store.db, await openArtifacts(folder, {}), syntheticRun({ name: 'made', seed }), {
    tier: 'reported',
    synthetic: true,
    publishedAt: new Date(at),
  })
}

const read = async (headers: Record<string, string> = {}) =>
  await GET(new Request('http://localhost/feed.xml', { headers }))

it('says that an entry was made up', async () => {
  expect(await (await read()).text()).toContain('<title>made on fashion-mnist-mini (synthetic)</title>')
})

it.each([
  ['a list', (etag: string) => `"other", ${etag}`],
  ['a weak one', (etag: string) => `W/${etag}`],
  ['any', () => '*'],
])('answers who has it already, by %s', async (_, known) => {
  const etag = (await read()).headers.get('etag') ?? ''
  expect((await read({ 'if-none-match': known(etag) })).status).toBe(304)
  expect((await read({ 'if-none-match': '"other"' })).status).toBe(200)
})

it('changes with another seed of an entry, and so does its page for robots', async () => {
  const changed = async () => (await sitemap()).find(({ url }) => url.includes('/entries/'))?.lastModified
  expect(await changed()).toEqual(new Date('2026-01-01T00:00:00.000Z'))
  await publish(2, '2026-02-01T00:00:00.000Z')
  expect(await changed()).toEqual(new Date('2026-02-01T00:00:00.000Z'))
  const text = await (await read()).text()
  expect(text).toContain('<published>2026-01-01T00:00:00.000Z</published>')
  expect(text.match(/<updated>2026-02-01T00:00:00.000Z<\/updated>/g)).toHaveLength(2)
})
