import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { digestExperiment, provesConsistency, provesEvent } from '@mate-bench/provenance'
import { type Envelope, type Manifest, payloadTypes, type Scope } from '@mate-bench/schema'
import { sql } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openFolderArtifacts } from '../artifacts/folder-artifacts.ts'
import type { Db, Transaction } from '../drivers/db.ts'
import { openStore } from '../drivers/open-store.ts'
import { publishRun } from '../publish/publish-run.ts'
import type { PublishableRun } from '../publish/publishable-run.ts'
import { createToken } from '../queries/api-tokens.ts'
import { findEntry, findWithdrawnEntry } from '../queries/entries.ts'
import { entryRuns } from '../queries/entry-runs.ts'
import { findRun } from '../queries/runs.ts'
import { createSubmission } from '../queries/submissions.ts'
import { findTableRow } from '../queries/track-table.ts'
import { runSignatures, trainingJobs } from '../schema/index.ts'
import { syntheticRun } from '../testing/synthetic-run.ts'
import { openTestStore, type TestStore, testDrivers } from '../testing/test-store.ts'
import { untilLockWaits } from '../testing/until-lock-waits.ts'
import { lockLedger } from './append-event.ts'
import { consistencyPath, inclusionPath, ledgerSize, listEvents, treeHead } from './read-ledger.ts'
import { bindToken, rememberKey } from './remember-key.ts'
import { eventsOfRun, recordFailure, recordStart, type StartedRun } from './run-events.ts'
import { begunRuns, missingRunsOfEntries } from './seed-standing.ts'
import { withdrawRun } from './withdraw-run.ts'

const folder = mkdtempSync(join(tmpdir(), 'ledger-'))
const artifacts = openFolderArtifacts(folder)
const ada = `ed25519:${'a'.repeat(64)}`
const eve = `ed25519:${'e'.repeat(64)}`
const keyOf = (digit: string) => `ed25519:${digit.repeat(64)}`
/** Whose content nothing here asks for. */
const envelope: Envelope = { payloadType: payloadTypes.start, payload: '', signatures: [] }
afterAll(() => rmSync(folder, { recursive: true }))

const startOf = ({ runId, spec, specDigest, seed }: Manifest): StartedRun => ({
  ...{ runId, specDigest, seed, experimentDigest: digestExperiment(spec) },
})
/** Its method is its own, so that each name is another experiment. */
const run = (name: string, seed = 1) => syntheticRun({ name, seed, method: name })

describe.each(testDrivers)('the ledger through %s', (driver) => {
  let store: TestStore
  beforeAll(async () => {
    store = await openTestStore(driver)
  })
  afterAll(async () => await store.close())

  it('is empty at first, and its head is the hash of nothing', async () => {
    const emptyRoot = 'sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
    expect(await treeHead(store.db)).toEqual({ version: 1, treeSize: 0, rootHash: emptyRoot, at: null })
  })

  it('gives every event a place, whoever writes at the same time', async () => {
    const others = await Promise.all([1, 2].map(() => openStore({ url: store.url })))
    const before = await ledgerSize(store.db)
    const starts = Array.from({ length: 9 }, (_, seed) => startOf(run('many', seed).manifest))
    const places = await Promise.all(
      starts.map((start, i) => recordStart([store, ...others][i % 3]?.db ?? store.db, start, { key: null })),
    )
    await Promise.all(others.map((other) => other.close()))
    expect(places.toSorted((a, b) => a - b)).toEqual(starts.map((_, i) => before + i))
    expect(await recordStart(store.db, starts[0] ?? startOf(run('x').manifest), { key: null })).toBe(
      places[0],
    )
  })

  it('proves each event in every head since, and each head in every later one', async () => {
    const size = await ledgerSize(store.db)
    const { rows } = await listEvents(store.db)
    const heads = await Promise.all(Array.from({ length: size + 1 }, (_, i) => treeHead(store.db, i)))
    for (const { index, event } of rows) {
      for (const head of heads.slice(index + 1)) {
        const path = await inclusionPath(store.db, index, head.treeSize)
        expect(provesEvent({ index, event, path }, head)).toBe(true)
        expect(provesEvent({ index, event: { ...event, seed: event.seed + 1 }, path }, head)).toBe(false)
      }
    }
    for (const first of heads) {
      for (const second of heads.slice(first.treeSize)) {
        const path = await consistencyPath(store.db, first.treeSize, second.treeSize)
        expect(provesConsistency(first, second, path)).toBe(true)
      }
    }
  })

  it.each([
    ['update', sql`update ledger_entries set seed = 7 where index = 0`],
    ['delete', sql`delete from ledger_entries where index = 0`],
    ['truncate', sql`truncate ledger_entries`],
    ['update of its tree', sql`update ledger_nodes set hash = ''`],
    ['delete of its tree', sql`delete from ledger_nodes`],
  ])('refuses any %s', async (_, statement) => {
    const before = await treeHead(store.db)
    await expect(store.db.execute(statement)).rejects.toThrow()
    expect(await treeHead(store.db)).toEqual(before)
  })
})

describe('a run in the ledger', () => {
  let store: TestStore
  let count = 0
  let name = ''
  beforeAll(async () => {
    store = await openTestStore()
  })
  beforeEach(() => {
    name = `run${count++}`
  })
  afterAll(async () => await store.close())
  const kinds = async (runId: string) => (await eventsOfRun(store.db, runId)).map(({ event }) => event.kind)
  const publish = async (one: ReturnType<typeof run>) =>
    await publishRun(store.db, artifacts, one, { tier: 'reported' })

  it('was registered before training, or is said not to have been', async () => {
    const [before, after] = [run(name, 1), run(name, 2)]
    await recordStart(store.db, startOf(before.manifest), { key: null })
    for (const one of [before, after]) await publish(one)
    const experiment = digestExperiment(before.manifest.spec)
    expect(await begunRuns(store.db, [experiment])).toMatchObject([
      { seed: 1, standing: 'finished', registered: true },
      { seed: 2, standing: 'finished', registered: false },
    ])
    await publish(before)
    expect(await kinds(before.manifest.runId)).toEqual(['started', 'finished'])
  })

  it('that failed or was never heard of again stays to be seen', async () => {
    const [lost, failed] = [run(name, 1), run(name, 2)]
    for (const { manifest } of [lost, failed]) await recordStart(store.db, startOf(manifest), { key: null })
    const reason = 'out of <memory>\n'
    await store.db.transaction((tx) => recordFailure(tx, failed.manifest.runId, reason))
    await store.db.transaction((tx) => recordFailure(tx, failed.manifest.runId, reason))
    expect(await begunRuns(store.db, [digestExperiment(lost.manifest.spec)])).toMatchObject([
      { seed: 1, standing: 'started', reason: null },
      { seed: 2, standing: 'failed', reason: 'out of  memory' },
    ])
    expect(await kinds(failed.manifest.runId)).toEqual(['started', 'failed'])
  })

  it('that is missing is held against an entry only where its makers or the site began it', async () => {
    const first = run(name, 1)
    await publish(first)
    const maker = keyOf('1')
    await store.db.insert(runSignatures).values({ runId: first.manifest.runId, key: maker, envelope })
    const entryId = (await findRun(store.db, first.manifest.runId))?.entryId ?? ''
    const missing = async () => (await missingRunsOfEntries(store.db, [entryId])).get(entryId)
    const begin = async (seed: number, key: string | null, evidence?: Envelope) =>
      await recordStart(store.db, startOf(run(name, seed).manifest), { key, evidence })
    const owned = async (digit: string, owner: string, scopes: readonly Scope[]) => {
      const expiresAt = new Date(Date.now() + 1e6)
      const { id } = await createToken(store.db, { name: 't', owner, scopes, expiresAt })
      await bindToken(store.db, { id, owner }, keyOf(digit), new Date())
      return keyOf(digit)
    }
    await begin(2, await owned('2', 'stranger', ['submit']), envelope)
    await begin(20, null)
    const stranger = run(name, 2).manifest.runId
    await store.db.transaction((tx) => recordFailure(tx, stranger, 'it is not theirs to tell'))
    expect(await missing()).toBeUndefined()
    await begin(3, maker, envelope)
    await rememberKey(store.db, maker, new Date(), name)
    await begin(4, await owned('4', name, ['submit']), envelope)
    await begin(5, await owned('5', 'grace', ['submit', 'approve']), envelope)
    // A worker's own.
    await begin(6, keyOf('6'))
    expect(await missing()).toEqual({
      count: 4,
      first: [3, 4, 5, 6].map((seed) => ({ seed, standing: 'started' })),
    })
    for (let seed = 100; seed < 110; seed++) await begin(seed, maker, envelope)
    expect(await missing()).toMatchObject({ count: 14, first: { length: 10, 9: { seed: 105 } } })
    const trusted = (await begunRuns(store.db, [digestExperiment(first.manifest.spec)])).filter(
      (one) => one.trusted,
    )
    expect(trusted).toHaveLength(15)
  })

  it('counts nowhere once it is withdrawn, and leaves a tombstone with the reason', async () => {
    const [first, second] = [run(name, 1), run(name, 2)]
    for (const one of [first, second]) await publish(one)
    const entryId = (await findRun(store.db, first.manifest.runId))?.entryId ?? ''
    const counted = async () => (await entryRuns(store.db, [entryId])).map(({ seed }) => seed).sort()
    expect(await counted()).toEqual([1, 2])
    await withdrawRun(store.db, first.manifest.runId, { reason: 'wrong labels' })
    expect(await counted()).toEqual([2])
    expect((await findEntry(store.db, entryId))?.runs).toBe(1)
    expect(await findWithdrawnEntry(store.db, entryId)).toBeUndefined()
    expect(await findRun(store.db, first.manifest.runId)).toBeDefined()
    const [tombstone] = await begunRuns(store.db, [digestExperiment(first.manifest.spec)])
    expect(tombstone).toMatchObject({ seed: 1, standing: 'withdrawn', reason: 'wrong labels' })
    await expect(withdrawRun(store.db, first.manifest.runId, { reason: 'again' })).rejects.toMatchObject({
      code: 'conflict',
    })
    await withdrawRun(store.db, second.manifest.runId, { reason: 'the other too' })
    expect(await findEntry(store.db, entryId)).toBeUndefined()
    expect(await findWithdrawnEntry(store.db, entryId)).toMatchObject({ id: entryId, name })
    await expect(withdrawRun(store.db, `run_${'0'.repeat(20)}`, { reason: 'none' })).rejects.toMatchObject({
      code: 'not-found',
    })
  })

  it('is published by the key that began it, and by no other', async () => {
    const { manifest } = run(name)
    await recordStart(store.db, startOf(manifest), { key: ada })
    await expect(recordStart(store.db, startOf(manifest), { key: eve })).rejects.toMatchObject({
      code: 'conflict',
    })
    // Unsigned, it is not hers.
    await expect(publish(run(name))).rejects.toMatchObject({ code: 'conflict' })
    expect(await findRun(store.db, manifest.runId)).toBeUndefined()
    const another = { ...startOf(manifest), seed: 9 }
    await expect(recordStart(store.db, another, { key: ada })).rejects.toMatchObject({ code: 'conflict' })
  })

  it('cannot be begun by others once it is published or waits to be trained here', async () => {
    const other = await openTestStore()
    const published = run(name)
    // Published without a word to the ledger, as runs were before there was one.
    await publishRun(other.db, artifacts, published, { tier: 'recomputed', synthetic: true })
    const { spec, specDigest } = run(name, 2).manifest
    const expiresAt = new Date(Date.now() + 1e6)
    const { id: tokenId } = await createToken(other.db, {
      ...{ name: 't', owner: 'ada', scopes: ['submit' as const], expiresAt },
    })
    const { id: submissionId } = await other.db.transaction((tx) =>
      createSubmission(tx, { spec, specDigest, totalMacs: 1, tokenId, submitter: 'ada' }),
    )
    const queued = startOf(run(name, 2).manifest)
    await other.db
      .insert(trainingJobs)
      .values({ runId: queued.runId, submissionId, seed: queued.seed, state: 'waiting' })
    for (const start of [startOf(published.manifest), queued]) {
      for (const key of [eve, null]) {
        await expect(recordStart(other.db, start, { key })).rejects.toMatchObject({ code: 'conflict' })
      }
    }
    expect(await ledgerSize(other.db)).toBe(0)
    await recordStart(other.db, queued, { key: null, takesOver: true })
    expect(await ledgerSize(other.db)).toBe(1)
    await other.close()
  })

  it('has no event where it is made up for a load test', async () => {
    const other = await openTestStore()
    await publishRun(other.db, artifacts, run(name), { tier: 'recomputed', synthetic: true })
    expect(await ledgerSize(other.db)).toBe(0)
    await other.close()
  })
})

it('binds a token to the key of its first signed request', async () => {
  const store = await openTestStore()
  const expiresAt = new Date(Date.now() + 1e6)
  const token = await createToken(store.db, { name: 't', owner: 'ada', scopes: ['submit'], expiresAt })
  const bind = async (key: string | null) =>
    await bindToken(store.db, { id: token.id, owner: 'ada' }, key, new Date())
  expect([await bind(null), await bind(ada), await bind(ada), await bind(eve), await bind(null)]).toEqual([
    ...[true, true, true, false, false],
  ])
  await store.close()
})

describe('a withdrawal beside a publication', () => {
  let store: TestStore
  let other: Awaited<ReturnType<typeof openStore>>
  beforeEach(async () => {
    store = await openTestStore()
    other = await openStore({ url: store.url })
  })
  afterEach(async () => {
    await other.close()
    await store.close()
  })

  /** While the ledger is held: `waiting` comes to it and waits, then `done` happens, and the ledger is free again. */
  async function meanwhile(waiting: () => Promise<unknown>, done: (tx: Transaction) => Promise<unknown>) {
    let later: Promise<unknown> | undefined
    await other.db.transaction(async (tx) => {
      await lockLedger(tx)
      later = waiting()
      // Whoever waits for it below hears of it.
      later.catch(() => {})
      await untilLockWaits(store.db)
      await done(tx)
    })
    await later
  }

  const [first, second] = [run('raced', 1), run('raced', 2)]
  const publish = (db: Db, one: PublishableRun) => publishRun(db, artifacts, one, { tier: 'recomputed' })
  const withdraw = (db: Db) => withdrawRun(db, second.manifest.runId, { reason: 'wrong labels' })
  const ranked = async () => {
    const entryId = (await findRun(store.db, second.manifest.runId))?.entryId ?? ''
    return (await findTableRow(store.db, entryId))?.aggregate.runs.map(({ seed }) => seed)
  }

  it('leaves the run out of the table where it is published while the withdrawal waits', async () => {
    await publish(store.db, first)
    await recordStart(store.db, startOf(second.manifest), { key: null })
    await meanwhile(
      () => withdraw(store.db),
      (tx) => publish(tx, second),
    )
    expect(await ranked()).toEqual([1])
  })

  it('leaves the run out of the table where it is withdrawn while its publication waits', async () => {
    await publish(store.db, first)
    await recordStart(store.db, startOf(second.manifest), { key: null })
    await meanwhile(() => publish(store.db, second), withdraw)
    expect(await ranked()).toEqual([1])
  })
})
