import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openArtifacts, publishRun } from '@mate-bench/store'
import { openTestStore, syntheticRun, type TestStore } from '@mate-bench/store/testing'
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest'
import { apiPath } from '../api/create-api.ts'
import { serverApi } from '../api/server-api.ts'
import { GET } from '../app/runs/[id]/files/[file]/route.ts'
import { getRunFiles } from './run-files.ts'
import { getStore } from './store.ts'

/** The files of a published run were deleted: where they were is told to nobody but who runs the server. */
const folder = mkdtempSync(join(tmpdir(), 'mate-bench-missing-'))
const { manifest, ...run } = syntheticRun({ name: 'lost' })
const [listed] = manifest.artifacts.filter(({ role }) => role === 'predictions')
let store: TestStore
const said: string[] = []

beforeAll(async () => {
  store = await openTestStore()
  vi.stubEnv('DATABASE_URL', store.url)
  vi.stubEnv('MATE_BENCH_ARTIFACTS', folder)
  await publishRun(store.db, await openArtifacts(folder), { manifest, ...run }, { tier: 'reported' })
  rmSync(folder, { recursive: true })
  vi.spyOn(console, 'error').mockImplementation((text) => void said.push(String(text)))
})
afterEach(() => {
  said.length = 0
})
afterAll(async () => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
  await (await getStore()).close()
  await store.close()
})

it.each([`/artifacts/${listed?.sha256}`, `/runs/${manifest.runId}/predictions`])(
  'GET %s is a fault of the server that names no place',
  async (path) => {
    const response = await serverApi().request(`${apiPath}${path}`)
    const text = await response.text()
    expect(response.status).toBe(500)
    expect(JSON.parse(text)).toMatchObject({ code: 'data-missing', title: 'A stored file is missing' })
    expect(text).not.toContain(folder)
    expect(said.join()).toContain(folder)
  },
)

it('a file of a run page cannot be read, and no more is said', async () => {
  const file = listed?.file ?? ''
  const get = (id: string) => GET(new Request('http://localhost/'), { params: Promise.resolve({ id, file }) })
  const response = await get(manifest.runId)
  expect([response.status, await response.text()]).toEqual([503, 'The file cannot be read at the moment.\n'])
  expect(said.join()).toContain(folder)
  // Nor is the database asked for what cannot be an id.
  expect((await get('\u0000')).status).toBe(404)
})

it('the manifest of a run is not sent again to who has it', async () => {
  const get = (headers: Record<string, string>) =>
    GET(new Request('http://localhost/', { headers }), {
      params: Promise.resolve({ id: manifest.runId, file: 'manifest.json' }),
    })
  const first = await get({})
  expect(await first.json()).toEqual(manifest)
  const again = await get({ 'if-none-match': `"other", W/${first.headers.get('etag')}` })
  expect([again.status, await again.text()]).toEqual([304, ''])
})

it('pages say that the files cannot be read, and no more', async () => {
  const files = await getRunFiles({ manifest, synthetic: false, tier: 'reported' })
  expect(files).toEqual({ found: false, reason: 'The files of this run cannot be read at the moment.' })
  expect(said.join()).toContain(folder)
})

it('a run that lists no predictions is told of, unless it was made up', async () => {
  const bare = { ...manifest, artifacts: manifest.artifacts.filter(({ role }) => role !== 'predictions') }
  const made = await getRunFiles({ manifest: bare, synthetic: true, tier: 'reported' })
  expect(said).toEqual([])
  expect(await getRunFiles({ manifest: bare, synthetic: false, tier: 'reported' })).toEqual(made)
  expect(said.join()).toContain(`The manifest of ${manifest.runId} lists no predictions.`)
})
