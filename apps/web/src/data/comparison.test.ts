import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { syntheticSpec } from '@mate-bench/harness/testing'
import { sumOfProducts } from '@mate-bench/stats'
import { type ArtifactStore, listEntries, openArtifacts, openStore } from '@mate-bench/store'
import { openTestStore, type TestStore, untilLockWaits } from '@mate-bench/store/testing'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { publishSynthetic } from '../testing/publish-synthetic.ts'
import { getComparison } from './comparison.ts'
import { getStore } from './store.ts'

let store: TestStore
let artifacts: ArtifactStore
const folder = mkdtempSync(join(tmpdir(), 'comparison-'))

beforeAll(async () => {
  store = await openTestStore()
  vi.stubEnv('DATABASE_URL', store.url)
  artifacts = await openArtifacts(folder, {})
})

afterAll(async () => {
  vi.unstubAllEnvs()
  await (await getStore()).close()
  await store.close()
  rmSync(folder, { recursive: true })
})

it('compares counts and sums of the same runs while another seed is published', async () => {
  const specs = (['joint', 'byot'] as const).map((name) => syntheticSpec(name, { method: { name } }))
  for (const spec of specs)
    await publishSynthetic(store.db, artifacts, { spec, seed: 1, top1: [0.4, 0.5, 0.6] })
  const ids = (await listEntries(store.db, {})).rows.map(({ id }) => id)
  expect(ids).toHaveLength(2)
  const other = await openStore({ url: store.url })
  let asked: ReturnType<typeof getComparison> | undefined
  await other.db.transaction(async (tx) => {
    await tx.execute(sql`lock table exit_image_sums in access exclusive mode`)
    asked = getComparison(ids)
    // Whoever waits for it below hears of it.
    asked.catch(() => {})
    await untilLockWaits(store.db)
    for (const spec of specs) await publishSynthetic(tx, artifacts, { spec, seed: 2, top1: [0.4, 0.5, 0.6] })
  })
  await other.close()
  const result = await asked
  if (!result?.ok) throw new Error(result?.reason)
  expect(result.comparison.entries).toHaveLength(2)
  for (const { counts, sums, runs, seeds } of result.comparison.entries) {
    expect(runs.map(({ seed }) => seed)).toEqual(seeds)
    counts.exits.forEach(({ squares, rightCounts }, i) => {
      expect(rightCounts).toHaveLength(seeds.length)
      const own = sums.get(i + 1)
      expect(own && sumOfProducts(own, own)).toBe(squares)
    })
  }
})
