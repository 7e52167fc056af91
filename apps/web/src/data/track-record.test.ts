import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { syntheticSpec } from '@mate-bench/harness/testing'
import { listEntries, openArtifacts } from '@mate-bench/store'
import { openTestStore, type TestStore } from '@mate-bench/store/testing'
import { parseHTML } from 'linkedom'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { GET as getFile } from '../app/board.csv/route.ts'
import { GET as getComparison } from '../app/c/[ids]/route.ts'
import { GET as getEntry } from '../app/e/[id]/route.ts'
import { GET as getEmbed } from '../app/embed/board/route.ts'
import { GET as getTrack } from '../app/t/[key]/route.ts'
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

it('is found by the whole digest too, in each form', async () => {
  const [track] = await getTracks()
  const digest = track?.digest ?? ''
  for (const name of [digest, digest.replace('sha256:', '')])
    expect((await getTrackRecord(name))?.track.digest).toBe(digest)
  expect(await getTrackRecord('0'.repeat(64))).toBeUndefined()
})

it('has short addresses that keep the view, and lead nowhere where nothing is', async () => {
  const to = async (path: string, get: typeof getTrack | typeof getEntry | typeof getComparison) => {
    const short = decodeURIComponent(path.split('/').at(-1)?.split('?')[0] ?? '')
    const params = Promise.resolve({ key: short, id: short, ids: short })
    const answer = await get(new Request(`http://localhost${path}`), { params })
    return answer.status === 308 ? answer.headers.get('location') : answer.status
  }
  const [first, second] = (await listEntries(store.db)).rows.map(({ id }) => id)
  const short = (id = '') => id.slice(6, 14)
  expect(await to(`/t/${key}?method=byot`, getTrack)).toBe(`/?track=${key}&method=byot`)
  expect(await to(`/e/${short(first)}`, getEntry)).toBe(`/entries/${first}`)
  expect(await to(`/c/${short(first)}-${short(second)}`, getComparison)).toBe(
    `/compare?entries=${first},${second}`,
  )
  for (const none of ['00000000', 'zz', '%', '_', first ?? '']) {
    expect(await to(`/e/${encodeURIComponent(none)}`, getEntry), none).toBe(404)
  }
  expect(await to('/t/00000000', getTrack)).toBe(404)
  expect(await to(`/c/${short(first)}-00000000`, getComparison)).toBe(404)
})

it('keeps the day that is asked for: in short addresses, in charts for other pages, and in no file', async () => {
  const query = `track=${key}&at=2026-01-01`
  const short = await getTrack(new Request(`http://localhost/t/${key}?at=2026-01-01`), {
    params: Promise.resolve({ key }),
  })
  expect(short.headers.get('location')).toBe(`/?${query}`)
  const today = new Date().toISOString().slice(0, 10)
  for (const [at, title] of [
    [today, new RegExp(`at the end of ${today}, and today`)],
    // Before the first run, and no day at all.
    ['2026-01-01', /Frontier on [\w-]+ \|/],
    ['2026-02-30', /Top-1 accuracy against MACs/],
  ] as const) {
    const answer = await getEmbed(new Request(`http://localhost/embed/board?track=${key}&at=${at}`))
    const { document } = parseHTML(await answer.text())
    expect(document.querySelector('title')?.textContent).toMatch(title)
    const canonical = document.querySelector('link[rel=canonical]')?.getAttribute('href')
    expect(canonical?.includes('at=')).toBe(at !== '2026-02-30')
  }
  const file = (at: string) => getFile(new Request(`http://localhost/board.csv?track=${key}&at=${at}`))
  expect((await file(today)).status).toBe(400)
  expect((await file('')).status).toBe(200)
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
