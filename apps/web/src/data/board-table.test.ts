import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { syntheticSpec } from '@mate-bench/harness/testing'
import { openArtifacts } from '@mate-bench/store'
import { openTestStore, type TestStore } from '@mate-bench/store/testing'
import { trackSummaries } from '@mate-bench/store/track-table'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { publishSynthetic } from '../testing/publish-synthetic.ts'
import { getBoardTable } from './board-table.ts'
import { getStore } from './store.ts'

let store: TestStore
const folder = mkdtempSync(join(tmpdir(), 'board-table-'))

beforeAll(async () => {
  store = await openTestStore()
  // The site opens the database that its environment names.
  vi.stubEnv('DATABASE_URL', store.url)
})

afterAll(async () => {
  vi.unstubAllEnvs()
  await (await getStore()).close()
  await store.close()
  rmSync(folder, { recursive: true })
})

const small = syntheticSpec('small')
const network = (name: string, width: number) =>
  syntheticSpec(name, { model: { ...small.model, backbone: { name: 'resnet', depth: 8, width } } })

async function areas(): Promise<Map<string, number>> {
  const [track] = await trackSummaries(store.db)
  if (!track) throw new Error('a run was published')
  const { entries } = await getBoardTable(track)
  return new Map(entries.map(({ name, area }) => [name, area]))
}

describe('getBoardTable', () => {
  it('keeps the area of an entry, whatever is published beside it', async () => {
    const artifacts = await openArtifacts(folder, {})
    const publish = (name: string, width: number, top1: readonly number[]) =>
      publishSynthetic(store.db, artifacts, { spec: network(name, width), seed: 1, top1 })
    await publish('middle', 8, [0.5, 0.6, 0.7])
    const before = await areas()
    expect(before.get('middle')).toBeGreaterThan(0.1)
    await publish('cheap', 4, [0.3, 0.4, 0.5])
    await publish('dear', 32, [0.6, 0.7, 0.8])
    const after = await areas()
    expect([...after.keys()].sort()).toEqual(['cheap', 'dear', 'middle'])
    expect(after.get('middle')).toBe(before.get('middle'))
  })
})
