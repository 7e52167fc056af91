import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { digestExperiment } from '@mate-bench/provenance'
import {
  aggregateEntry,
  type EntryRun,
  frontierShares,
  rankAggregates,
  resampleEntry,
  selectRuns,
  sumOverRuns,
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
import { findTableRow, imageSums, trackSummaries, trackTable } from '../queries/track-table.ts'
import { syntheticRun } from '../testing/synthetic-run.ts'
import { openTestStore, type TestStore, testDrivers } from '../testing/test-store.ts'
import { untilLockWaits } from '../testing/until-lock-waits.ts'
import { readFrontierShares } from './frontier.ts'
import { lockTrack } from './refresh.ts'

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
    experimentDigest: digestExperiment(manifest.spec),
    specDigest: manifest.specDigest,
    name: manifest.spec.name,
    method: manifest.spec.method.name,
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

/** At the same time, so that of two runs of a seed the one that finished first counts. */
const publishedAt = new Date('2026-03-01T00:00:00.000Z')

async function publishAll(db: Db, runs: readonly PublishableRun[]): Promise<void> {
  const options = { tier: 'recomputed', publishedAt } as const
  await Promise.all(runs.map((run) => publishRun(db, openFolderArtifacts(folder), run, options)))
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
    const aggregates = rows.map((row) => ({ ...row.aggregate, entryId: row.entryId }))
    const sums = await imageSums(store.db, rows)
    const ranked = rankAggregates(
      aggregates,
      ({ entryId }, k) => sums.get(entryId)?.get(k) ?? { images: 0, planes: [] },
    )
    expect(
      ranked.map(({ name, exits, intervals, ranking }) => ({ name, exits, intervals, ranking })),
    ).toEqual(expected.map(({ name, exits, intervals, ranking }) => ({ name, exits, intervals, ranking })))
    for (const [i, { aggregate }] of ranked.entries()) {
      const { runs = [], repeats = [], parameters, ensemble } = expected[i] ?? {}
      expect(aggregate).toMatchObject({ parameters, ensemble })
      expect(aggregate.counts.ensemble.images).toBe(77)
      expect(aggregate.runs.map(({ runId }) => runId)).toEqual(runs.map(({ runId }) => runId))
      expect(aggregate.repeats.map(({ runId }) => runId)).toEqual(repeats.map(({ runId }) => runId))
    }
  })

  it('hold the firmness of the frontier', async () => {
    expect(await trackTable(store.db, digest)).toHaveLength(3)
    const [track] = await trackSummaries(store.db)
    expect(track).toMatchObject({ digest, entries: 3, runs: published.length })
    const shares = frontierShares(expected.map((entry) => ({ ...entry, top1: resampleEntry(entry.runs) })))
    const byId = expected.map(
      ({ experimentDigest }, i) => [entryIdOf(digest, experimentDigest), shares[i] ?? []] as const,
    )
    const everOnFrontier = byId.filter(([, own]) => own.some((share) => share > 0))
    expect(everOnFrontier.length).toBeGreaterThan(1)
    expect(track?.frontierShares).toEqual(Object.fromEntries(everOnFrontier))
  })

  it('give the best exit of a track, of entries with several seeds, and when it changed', async () => {
    const [track, ...others] = await trackSummaries(store.db)
    expect(others).toEqual([])
    const rows = await trackTable(store.db, digest)
    const [best] = rows
      .filter(({ aggregate }) => aggregate.runs.length > 1)
      .flatMap(({ entryId, aggregate: { specName: name, exits, runs } }) =>
        exits.map(({ k, top1, sequentialMacs }) => ({
          ...{ entryId, name, k, sequentialMacs, top1: top1.mean, seeds: runs.length },
        })),
      )
      .sort((a, b) => b.top1 - a.top1)
    expect(track?.best).toEqual(best)
    expect(track?.best?.name).toBe('three')
    expect(track?.changedAt.getTime()).toBe(Math.max(...rows.map(({ updatedAt }) => updatedAt.getTime())))
  })

  it('hold how many runs get each image right, at every exit and of the ensemble', async () => {
    const rows = await trackTable(store.db, digest)
    const sums = await imageSums(store.db, rows)
    for (const { experimentDigest, runs } of expected) {
      const own = sums.get(entryIdOf(digest, experimentDigest))
      expect(own?.size).toBe(1 + (runs[0]?.exits.length ?? 0))
      expect(own?.get(0)).toEqual(sumOverRuns(runs.map(({ ensemble }) => ensemble.correct)))
      expect(own?.get(2)).toEqual(sumOverRuns(runs.flatMap(({ exits }) => exits[1]?.correct ?? [])))
    }
  })

  it('change their version with a run, and not without one', async () => {
    const version = async () => (await trackSummaries(store.db))[0]?.version
    const before = await version()
    await publishAll(store.db, published.slice(0, 2))
    expect(await version()).toBe(before)
    await publishAll(store.db, [syntheticRun({ name: 'new', seed: 1, top1: [0.5], images: 77 })])
    expect(await version()).not.toBe(before)
  })

  it.each([
    ['are missing', sql`delete from entry_aggregates`],
    ['of the track are missing', sql`delete from track_aggregates`],
    ['are of another version', sql`update entry_aggregates set version = 0, aggregate = '{}'`],
    ['are of other runs', sql`update entry_aggregates set made_of = 'others', aggregate = '{}'`],
  ])('are computed again where they %s', async (_, damage) => {
    const id = entryIdOf(digest, digestExperiment(first.manifest.spec))
    const state = async () => [await findTableRow(store.db, id), await trackSummaries(store.db)]
    const before = await state()
    await store.db.execute(damage)
    expect(await state()).not.toEqual(before)
    await migrate(store.db)
    expect(await state()).toEqual(before)
  })

  it('are computed again while others read and migrate, and wait for who publishes', async () => {
    const id = entryIdOf(digest, digestExperiment(first.manifest.spec))
    const before = await findTableRow(store.db, id)
    await store.db.execute(sql`update entry_aggregates set version = 0, backends = '[]'`)
    let migrated: Promise<number> | undefined
    await store.db.transaction(async (tx) => {
      await lockTrack(tx, digest)
      migrated = migrate(store.db)
      await untilLockWaits(store.db)
      const { rows } = await tx.execute(sql`select pg_try_advisory_xact_lock(7283746521) as free`)
      expect(rows).toEqual([{ free: true }])
      expect(await findTableRow(store.db, id)).toEqual({
        ...before,
        ...{ backends: [], version: expect.stringMatching(/ 0$/) },
      })
    })
    await migrated
    expect(await findTableRow(store.db, id)).toEqual(before)
  })

  it('of the track are computed where that alone was left undone', async () => {
    const before = await trackSummaries(store.db)
    await store.db.execute(sql`update track_aggregates set version = 'of another set', entries = 99`)
    await migrate(store.db)
    expect(await trackSummaries(store.db)).toEqual(before)
  })

  it('follow a tier that was changed, and so does their version', async () => {
    const id = entryIdOf(digest, digestExperiment(first.manifest.spec))
    const before = await trackSummaries(store.db)
    expect(await findTableRow(store.db, id)).toMatchObject({ tier: 'recomputed' })
    await store.db.execute(sql`update runs set tier = 'retrained' where entry_id = ${id}`)
    await migrate(store.db)
    expect(await findTableRow(store.db, id)).toMatchObject({ tier: 'retrained' })
    expect((await trackSummaries(store.db))[0]?.version).not.toBe(before[0]?.version)
  })
})

describe('the firmness of a frontier', () => {
  it('is that of all entries, however many there are and in whatever order they came', async () => {
    const store = await openTestStore()
    // From hopeless to good, a few near each other: most are never read, and none may be missed.
    const many = Array.from({ length: 60 }, (_, i) =>
      syntheticRun({ name: `entry-${i}`, seed: 1, top1: [0.1 + 0.01 * i, 0.2 + 0.012 * i], images: 400 }),
    )
    await publishAll(store.db, many.toReversed())
    const table = tableEntries(many.map(entryRun))
    const shares = frontierShares(table.map((entry) => ({ ...entry, top1: resampleEntry(entry.runs) })))
    const trackDigest = many[0]?.manifest.track.digest ?? ''
    const expected = table.flatMap(({ experimentDigest }, i) =>
      shares[i]?.some((share) => share > 0)
        ? [[entryIdOf(trackDigest, experimentDigest), shares[i]] as const]
        : [],
    )
    expect(expected.length).toBeGreaterThan(2)
    expect(expected.length).toBeLessThan(40)
    const [track] = await trackSummaries(store.db)
    expect(track?.frontierShares).toEqual(Object.fromEntries(expected))
    for (const batch of [1, 7]) {
      const read = store.db.transaction((tx) => readFrontierShares(tx, trackDigest, batch))
      expect(await read).toEqual(Object.fromEntries(expected))
    }
    await store.close()
  })
})

it('an aggregate says no more than a run does', () => {
  const [run] = published.map(entryRun)
  if (!run) throw new Error('runs were made')
  const aggregate = aggregateEntry(selectRuns([run]))
  expect(aggregate.exits.map(({ top1 }) => top1)).toEqual(
    run.exits.map(({ top1 }) => ({ n: 1, mean: top1, sd: null })),
  )
  expect(aggregate.counts.exits.map(({ rightCounts }) => rightCounts)).toEqual(
    run.exits.map(({ top1 }) => [Math.round(top1 * 77)]),
  )
})
