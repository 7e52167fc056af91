import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { syntheticSpec } from '@mate-bench/harness/testing'
import { type Db, openArtifacts, openStore } from '@mate-bench/store'
import { openTestStore, type TestStore, untilLockWaits } from '@mate-bench/store/testing'
import * as trackTable from '@mate-bench/store/track-table'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { publishSynthetic } from '../testing/publish-synthetic.ts'
import { type RankedTrack, rankTrack } from './ranked-track.ts'

setFlagsFromString('--expose-gc')
const collectGarbage: () => void = runInNewContext('gc')

const readSums = vi.hoisted((): WeakRef<object>[] => [])
/** Of how many entries each query asked. */
const askedEntries = vi.hoisted((): number[] => [])

// As it is, and whatever it reads is watched.
vi.mock('@mate-bench/store/track-table', async (importActual) => {
  const actual = await importActual<typeof trackTable>()
  const imageSums: typeof trackTable.imageSums = async (db, rows) => {
    const read = await actual.imageSums(db, rows)
    askedEntries.push(read.size)
    for (const sums of read.values())
      readSums.push(...[sums, ...sums.values()].map((own) => new WeakRef(own)))
    return read
  }
  return { ...actual, imageSums }
})

let store: TestStore
const folder = mkdtempSync(join(tmpdir(), 'ranked-track-'))

beforeAll(async () => {
  store = await openTestStore()
})

afterAll(async () => {
  await store.close()
  rmSync(folder, { recursive: true })
})

/** Publishes a seed of each of two entries. */
async function publishSeed(db: Db, seed: number): Promise<void> {
  const artifacts = await openArtifacts(folder, {})
  for (const [name, top1] of [
    ['good', [0.6, 0.7, 0.8]],
    ['weak', [0.4, 0.5, 0.6]],
  ] as const) {
    // Networks differ, so that they are two entries.
    const { model } = syntheticSpec(name)
    const spec = syntheticSpec(name, {
      model: { ...model, backbone: { name: 'resnet', depth: 8, width: name === 'good' ? 8 : 16 } },
    })
    await publishSynthetic(db, artifacts, { spec, seed, top1 })
  }
}

/** Publishes a seed of each of two entries, and ranks their track again. */
async function publishAndRank(seed: number, before?: RankedTrack): Promise<RankedTrack> {
  await publishSeed(store.db, seed)
  const [track] = await trackTable.trackSummaries(store.db)
  if (!track) throw new Error('runs were published')
  return await rankTrack(store.db, track.digest, before)
}

/** What rows and sums say together of those behind the leader. */
function comparisons({ ranked }: RankedTrack) {
  return ranked.flatMap(({ ranking: { name, seeds, againstLeader } }) =>
    againstLeader ? [{ name, seeds, againstLeader }] : [],
  )
}

describe('rankTrack', () => {
  it('keeps neither the ranking before nor sums of images', async () => {
    const earlier: WeakRef<RankedTrack>[] = []
    let current: RankedTrack | undefined
    for (const seed of [1, 2, 3]) {
      if (current) earlier.push(new WeakRef(current))
      current = await publishAndRank(seed, current)
    }
    // Comparisons and intervals that were read hold no more than those that were not.
    expect(current?.ranked[1]?.ranking.againstLeader?.apart).toBeDefined()
    expect(current?.ranked[0]?.intervals.exits).toHaveLength(3)
    // A reference that was just made holds until the end of the turn.
    await new Promise((resolve) => setImmediate(resolve))
    collectGarbage()
    expect(earlier.map((ranking) => ranking.deref())).toEqual([undefined, undefined])
    expect(readSums.length).toBeGreaterThan(0)
    expect(readSums.filter((sums) => sums.deref() !== undefined)).toHaveLength(0)
    // So that it was held until here.
    expect(current?.ranked).toHaveLength(2)
  })

  it('ranks by rows and sums of the same runs while another seed is published', async () => {
    const [track] = await trackTable.trackSummaries(store.db)
    if (!track) throw new Error('runs were published')
    const expected = comparisons(await rankTrack(store.db, track.digest))
    expect(expected).toHaveLength(1)
    const other = await openStore({ url: store.url })
    let ranking: Promise<RankedTrack> | undefined
    await other.db.transaction(async (tx) => {
      await tx.execute(sql`lock table exit_image_sums in access exclusive mode`)
      ranking = rankTrack(store.db, track.digest)
      // Whoever waits for it below hears of it.
      ranking.catch(() => {})
      await untilLockWaits(store.db)
      await publishSeed(tx, 4)
    })
    await other.close()
    if (!ranking) throw new Error('the track was ranked')
    expect(comparisons(await ranking)).toEqual(expected)
    expect(comparisons(await rankTrack(store.db, track.digest))).not.toEqual(expected)
  })

  it('asks networks with early exits who leads, though one exit alone may be better', async () => {
    const artifacts = await openArtifacts(folder, {})
    const { model } = syntheticSpec('alone')
    const spec = syntheticSpec('alone', { model: { ...model, exits: model.exits.slice(-1) } })
    for (const seed of [1, 2, 3]) await publishSynthetic(store.db, artifacts, { spec, seed, top1: [0.95] })
    const { ranked, classes } = await publishAndRank(5)
    expect(ranked[0]?.name).toBe('alone')
    const leaders = classes.map(({ entries: [first] }) => first?.ranking.name)
    expect(new Set(leaders)).toEqual(new Set(['good']))
    expect(classes.at(-1)?.entries).toHaveLength(2)
  })

  it('reads the sums of what changed and of whom it is compared with in one query, and no others', async () => {
    const artifacts = await openArtifacts(folder, {})
    const publish = (width: number, seed: number) => {
      const { model } = syntheticSpec('like-weak')
      const backbone = { name: 'resnet', depth: 8, width } as const
      const spec = syntheticSpec('like-weak', { model: { ...model, backbone } })
      return publishSynthetic(store.db, artifacts, {
        spec,
        seed,
        top1: width === 40 ? [0.2, 0.3, 0.4] : [0.4, 0.5, 0.6],
      })
    }
    for (const width of [24, 32, 40]) for (const seed of [1, 2]) await publish(width, seed)
    const [track] = await trackTable.trackSummaries(store.db)
    if (!track) throw new Error('runs were published')
    const before = await rankTrack(store.db, track.digest)
    await publish(40, 3)
    askedEntries.length = 0
    const after = await rankTrack(store.db, track.digest, before)
    expect(askedEntries).toHaveLength(1)
    expect(after.ranked).toHaveLength(6)
    expect(askedEntries[0]).toBeLessThan(6)
    expect(comparisons(after)).toEqual(comparisons(await rankTrack(store.db, track.digest)))
  })
})
