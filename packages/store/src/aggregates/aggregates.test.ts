import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  aggregateEntry,
  type EntryRun,
  entryIntervals,
  frontierShares,
  rankAggregates,
  tableEntries,
} from '@mate-bench/stats'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openFolderArtifacts } from '../artifacts/folder-artifacts.ts'
import type { Db } from '../drivers/db.ts'
import { entryIdOf } from '../entry-id.ts'
import { migrate } from '../migrate.ts'
import { publishRun } from '../publish/publish-run.ts'
import type { PublishableRun } from '../publish/publishable-run.ts'
import { findTableRow, firstRunBits, trackSummaries, trackTable } from '../queries/track-table.ts'
import { syntheticRun } from '../testing/synthetic-run.ts'
import { openTestStore, type TestStore, testDrivers } from '../testing/test-store.ts'

const folder = mkdtempSync(join(tmpdir(), 'aggregates-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Two seeds, one of them again; one seed; and three. 77 images: bits that do not fill their last byte. */
const published = [
  { name: 'two', seed: 2, top1: [0.6, 0.8] },
  { name: 'two', seed: 1, top1: [0.5, 0.8] },
  { name: 'two', seed: 1, top1: [0.1, 0.1], finishedAt: '2026-02-01T00:00:00.000Z' },
  { name: 'one', seed: 7, top1: [0.3, 0.4] },
  ...[1, 2, 3].map((seed) => ({ name: 'three', seed, top1: [0.55, 0.6, 0.9] })),
].map((options) => syntheticRun({ ...options, images: 77 }))

/** What `tableEntries` is given, straight from the runs. */
function entryRun({ manifest, correctness }: PublishableRun): EntryRun {
  const { model, results } = manifest
  return {
    runId: manifest.runId,
    specDigest: manifest.specDigest,
    name: manifest.spec.name,
    seed: manifest.seed,
    finishedAt: manifest.timing.finishedAt,
    parameters: model.parameters,
    exits: model.exits.map((cost, i) => ({
      ...cost,
      ...(results.exits[i] ?? results.ensemble),
      correct: correctness.exits[i] ?? new Uint8Array(),
    })),
    ensemble: { ...results.ensemble, correct: correctness.ensemble },
  }
}

async function publishAll(db: Db, runs: readonly PublishableRun[]): Promise<void> {
  await Promise.all(
    runs.map((run) => publishRun(db, openFolderArtifacts(folder), run, { tier: 'recomputed' })),
  )
}

describe.each(testDrivers)('aggregates through %s', (driver) => {
  let store: TestStore
  const [first] = published
  if (!first) throw new Error('runs were made')
  const { digest } = first.manifest.track
  const expected = tableEntries(published.map(entryRun))

  beforeAll(async () => {
    store = await openTestStore(driver)
    // At once: none may miss the run of another.
    await publishAll(store.db, published)
  })
  afterAll(() => store.close())

  it('are the table of all runs, although each was published alone', async () => {
    const rows = await trackTable(store.db, digest)
    const aggregates = rows.map(({ aggregate }) => aggregate)
    const bits = await firstRunBits(store.db, aggregates)
    const ranked = rankAggregates(
      aggregates,
      ({ runs }) => bits.get(runs[0]?.runId ?? '') ?? new Uint8Array(),
    )
    expect(ranked.map(({ name, exits, ranking }) => ({ name, exits, ranking }))).toEqual(
      expected.map(({ name, exits, ranking }) => ({ name, exits, ranking })),
    )
    for (const [i, { aggregate }] of ranked.entries()) {
      const { runs = [], repeats = [], parameters, ensemble } = expected[i] ?? {}
      expect(aggregate).toMatchObject({ parameters, ensemble, images: 77 })
      expect(aggregate.runs.map(({ runId }) => runId)).toEqual(runs.map(({ runId }) => runId))
      expect(aggregate.repeats.map(({ runId }) => runId)).toEqual(repeats.map(({ runId }) => runId))
    }
  })

  it('hold the intervals and the firmness of the frontier', async () => {
    const byDigest = new Map(
      entryIntervals(expected).map((intervals, i) => [expected[i]?.specDigest, intervals]),
    )
    const rows = await trackTable(store.db, digest)
    expect(rows).toHaveLength(3)
    for (const { aggregate, intervals } of rows) {
      expect(intervals).toEqual(byDigest.get(aggregate.specDigest))
    }
    const [track] = await trackSummaries(store.db)
    expect(track).toMatchObject({ digest, entries: 3, runs: published.length })
    const ids = expected.map(({ specDigest }) => entryIdOf(digest, specDigest))
    // Seeds are drawn by the place of an entry, so the same order is asked for.
    const order = [...ids.keys()].sort((a, b) => ((ids[a] ?? '') < (ids[b] ?? '') ? -1 : 1))
    const shares = frontierShares(order.flatMap((i) => expected[i] ?? []))
    expect(track?.frontierShares).toEqual(Object.fromEntries(order.map((i, at) => [ids[i], shares[at]])))
  })

  it('change their version with a run, and not without one', async () => {
    const version = async () => (await trackSummaries(store.db))[0]?.version
    const before = await version()
    await publishAll(store.db, published.slice(0, 2))
    expect(await version()).toBe(before)
    await publishAll(store.db, [syntheticRun({ name: 'new', seed: 1, top1: [0.5], images: 77 })])
    expect(await version()).not.toBe(before)
  })

  it('are computed again where they are not those of the runs', async () => {
    const id = entryIdOf(digest, first.manifest.specDigest)
    const before = await findTableRow(store.db, id)
    await store.db.execute(sql`delete from track_aggregates`)
    await store.db.execute(sql`delete from entry_aggregates`)
    expect(await trackSummaries(store.db)).toEqual([])
    await migrate(store.db)
    expect(await findTableRow(store.db, id)).toEqual(before)
    expect((await trackSummaries(store.db))[0]?.runs).toBe(published.length + 1)
  })
})

it('an aggregate says no more than a run does', () => {
  const [run] = published.map(entryRun)
  if (!run) throw new Error('runs were made')
  const aggregate = aggregateEntry({ first: run, runs: [run], repeats: [] })
  expect(aggregate.exits.map(({ top1 }) => top1)).toEqual(
    run.exits.map(({ top1 }) => ({ n: 1, mean: top1, sd: null })),
  )
  expect(aggregate.rightCounts).toEqual([Math.round((run.exits.at(-1)?.top1 ?? 0) * 77)])
})
