import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { syntheticSpec } from '@mate-bench/harness/testing'
import { openArtifacts } from '@mate-bench/store'
import { openTestStore, type TestStore } from '@mate-bench/store/testing'
import { trackSummaries } from '@mate-bench/store/track-table'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { publishSynthetic } from '../testing/publish-synthetic.ts'
import { leadersOf } from '../view/leaders.ts'
import { getBoardTable } from './board-table.ts'
import { type RankedTrack, rankTrack } from './ranked-track.ts'
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

describe('getBoardTable', () => {
  it('names networks apart by their width, and says who leads within each budget', async () => {
    const artifacts = await openArtifacts(folder, {})
    for (const [name, width, top1] of [
      ['middle', 8, [0.5, 0.6, 0.7]],
      ['dear', 64, [0.6, 0.7, 0.8]],
    ] as const) {
      for (const seed of [1, 2]) {
        await publishSynthetic(store.db, artifacts, { spec: network(name, width), seed, top1 })
      }
    }
    const [track] = await trackSummaries(store.db)
    if (!track) throw new Error('a run was published')
    const table = await getBoardTable(track)
    expect(table.entries.map(({ name, network: shown }) => [name, shown]).sort()).toEqual([
      ['dear', 'resnet8 (width 64)'],
      ['middle', 'resnet8 (width 8)'],
    ])
    const costs = (name: string) =>
      table.entries.find((entry) => entry.name === name)?.exits.map(({ sequentialMacs }) => sequentialMacs) ??
      []
    // Within the smallest budget that the narrow network meets, the wide one has no exit yet.
    const [first] = table.classes
    expect(first?.budgetMacs).toBeGreaterThanOrEqual(costs('middle')[0] ?? 0)
    expect(first?.budgetMacs).toBeLessThan(costs('dear')[0] ?? 0)
    const leaders = leadersOf(table).map(({ entry, exit }) => [entry.name, exit.k])
    expect(leaders.at(0)).toEqual(['middle', 1])
    expect(leaders.at(-1)).toEqual(['dear', 3])
  })

  it('is after every publication what a table is that was never ranked before', async () => {
    const artifacts = await openArtifacts(folder, {})
    let before: RankedTrack | undefined
    for (const [name, seed, top1] of [
      ['better', 1, [0.6, 0.7, 0.75]],
      ['better', 2, [0.6, 0.7, 0.76]],
      ['middle-wide', 1, [0.5, 0.6, 0.7]],
      ['best', 1, [0.7, 0.8, 0.9]],
      ['best', 2, [0.7, 0.8, 0.91]],
      ['better', 3, [0.6, 0.7, 0.74]],
    ] as const) {
      await publishSynthetic(store.db, artifacts, { spec: network(name, 8 + name.length), seed, top1 })
      const [track] = await trackSummaries(store.db)
      if (!track) throw new Error('a run was published')
      const kept = await rankTrack(store.db, track.digest, before)
      const { ranked, classes, spreads } = await rankTrack(store.db, track.digest)
      expect(kept).toMatchObject({ ranked, classes, spreads })
      expect(kept.ranked).toHaveLength(ranked.length)
      before = kept
      const { entries } = await getBoardTable(track)
      expect(entries.map(({ ranking }) => ranking)).toEqual(ranked.map(({ ranking }) => ranking))
    }
  })
})
