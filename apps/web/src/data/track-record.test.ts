import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { syntheticSpec } from '@mate-bench/harness/testing'
import { openArtifacts } from '@mate-bench/store'
import { openTestStore, type TestStore } from '@mate-bench/store/testing'
import { parseHTML } from 'linkedom'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { GET } from '../app/tracks/[key]/feed.xml/route.ts'
import { publishSynthetic } from '../testing/publish-synthetic.ts'
import { frontierPoints } from '../view/frontier-points.ts'
import { getBoardTable } from './board-table.ts'
import { getStore } from './store.ts'
import { getTrackRecord } from './track-record.ts'
import { getTracks, trackKey } from './tracks.ts'

let store: TestStore
let key = ''
const folder = mkdtempSync(join(tmpdir(), 'track-record-'))

beforeAll(async () => {
  store = await openTestStore()
  vi.stubEnv('DATABASE_URL', store.url)
  const artifacts = await openArtifacts(folder, {})
  for (const [name, method, top1] of [
    ['first', 'joint', [0.4, 0.5, 0.6]],
    ['second', 'byot', [0.45, 0.5, 0.55]],
  ] as const) {
    for (const seed of [1, 2]) {
      const spec = syntheticSpec(name, { method: { name: method } })
      await publishSynthetic(store.db, artifacts, { spec, seed, top1: [...top1] })
    }
  }
  const [track] = await getTracks()
  key = track ? trackKey(track) : ''
})

afterAll(async () => {
  vi.unstubAllEnvs()
  await (await getStore()).close()
  await store.close()
  rmSync(folder, { recursive: true })
})

it('ends with the frontier that the board shows', async () => {
  const record = await getTrackRecord(key)
  if (!record) throw new Error('the track is there')
  const board = frontierPoints((await getBoardTable(record.track)).entries)
  const points = (list: readonly { entryId: string; k: number; macs: number; top1: number }[]) =>
    list.map(({ entryId, k, macs, top1 }) => ({ entryId, k, macs, top1 }))
  expect(board.length).toBeGreaterThan(1)
  expect(points(record.changes.at(-1)?.frontier ?? [])).toEqual(points(board))
})

it('is a feed of its own', async () => {
  const answer = await GET(new Request('http://localhost/'), { params: Promise.resolve({ key }) })
  expect(answer.headers.get('content-type')).toBe('application/atom+xml; charset=utf-8')
  const { document } = parseHTML(await answer.text())
  const titles = [...document.querySelectorAll('entry > title')].map((title) => title.textContent)
  expect(titles).toHaveLength(3)
  expect(titles[0]).toMatch(/^Frontier changed by /)
  expect(titles).toContain('second is new: byot on resnet, 3 exits, seeds 1, 2.')
  const missing = await GET(new Request('http://localhost/'), {
    params: Promise.resolve({ key: '00000000' }),
  })
  expect(missing.status).toBe(404)
})
