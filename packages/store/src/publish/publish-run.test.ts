import { generateKeyPairSync, sign } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  digestJson,
  preAuthenticationEncoding,
  runStatement,
  sealEnvelope,
  statementBytes,
} from '@mate-bench/provenance'
import { BenchError, type Manifest, payloadTypes } from '@mate-bench/schema'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { lockTrack } from '../aggregates/refresh.ts'
import type { ArtifactStore } from '../artifacts/artifact-store.ts'
import { openFolderArtifacts } from '../artifacts/folder-artifacts.ts'
import { unpackCorrect } from '../correct-bits.ts'
import { openStore } from '../drivers/open-store.ts'
import { databaseStatus } from '../queries/database-status.ts'
import { exitsOfRuns, findRun } from '../queries/runs.ts'
import { findTableRow } from '../queries/track-table.ts'
import { ensembleK } from '../schema/index.ts'
import { syntheticRun } from '../testing/synthetic-run.ts'
import { openTestStore, type TestStore, testDrivers } from '../testing/test-store.ts'
import { publishRun } from './publish-run.ts'
import { publishShipped } from './publish-shipped.ts'
import type { PublishableRun } from './publishable-run.ts'

const options = { tier: 'recomputed' } as const
/** How often it tries. */
const attempts = 3

/** The same run with other words in its manifest, which is sealed again: its digests hold. */
function resealed(run: PublishableRun, change: (manifest: Manifest) => Partial<Manifest>): PublishableRun {
  const { manifestDigest: _, ...content } = { ...run.manifest, ...change(run.manifest) }
  return { ...run, manifest: { ...content, manifestDigest: digestJson(content) } }
}

/** The run as a key of its own signs it. */
function signed(run: PublishableRun): PublishableRun {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const keyId = `ed25519:${publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('hex')}`
  const payload = statementBytes(runStatement(run.manifest))
  const bytes = sign(null, preAuthenticationEncoding(payloadTypes.statement, payload), privateKey)
  return { ...run, signature: sealEnvelope(payloadTypes.statement, payload, { keyId, bytes }) }
}

async function refusalOf(work: Promise<unknown>): Promise<BenchError> {
  const thrown = await work.then(
    () => undefined,
    (error: unknown) => error,
  )
  if (thrown instanceof BenchError) return thrown
  throw new Error(`expected a refusal, got ${String(thrown)}`)
}

describe.each(testDrivers)('publishRun through %s', (driver) => {
  let store: TestStore
  let artifactStore: ArtifactStore
  const folder = mkdtempSync(join(tmpdir(), 'artifacts-'))

  beforeAll(async () => {
    store = await openTestStore(driver)
    artifactStore = openFolderArtifacts(folder)
  })
  afterAll(async () => {
    await store.close()
    rmSync(folder, { recursive: true })
  })

  it('writes a run that reads back to the last digit', async () => {
    const run = syntheticRun({ name: 'exact', images: 101 })
    const published = await publishRun(store.db, artifactStore, run, options)
    expect(published).toEqual({ runId: run.manifest.runId, alreadyPublished: false })
    const found = await findRun(store.db, run.manifest.runId)
    // Byte for byte, so that the manifest that is served is the one that was sealed.
    expect(JSON.stringify(found?.manifest)).toBe(JSON.stringify(run.manifest))
    expect(found?.startedAt.toISOString()).toBe(run.manifest.timing.startedAt)
    const exits = (await exitsOfRuns(store.db, [run.manifest.runId])).get(run.manifest.runId) ?? []
    expect(exits.map(({ k }) => k)).toEqual([ensembleK, 1, 2, 3])
    run.manifest.model.exits.forEach((cost, i) => {
      const { k, ...metrics } = run.manifest.results.exits[i] ?? { k: 0 }
      expect(exits[k]).toMatchObject({ ...cost, ...metrics })
      expect(unpackCorrect(exits[k]?.correct ?? new Uint8Array(), 101)).toEqual(run.correctness.exits[i])
    })
    expect(exits[0]).toMatchObject({ ...run.manifest.results.ensemble, after: null, isolatedMacs: null })
  })

  it('tells an author that the run is published with the signature of another, or none', async () => {
    for (const name of ['stolen', 'stripped']) {
      const run = syntheticRun({ name })
      const own = signed(run)
      const thief = name === 'stolen' ? signed(run) : run
      await publishRun(store.db, artifactStore, thief, options)
      expect(await refusalOf(publishRun(store.db, artifactStore, own, options))).toMatchObject({
        code: 'conflict',
        message: expect.stringContaining('is published already, signed by'),
      })
      expect((await publishRun(store.db, artifactStore, thief, options)).alreadyPublished).toBe(true)
    }
  })

  it('changes nothing the second time', async () => {
    const run = syntheticRun({ name: 'twice' })
    await publishRun(store.db, artifactStore, run, options)
    const before = await databaseStatus(store.db)
    const again = await publishRun(store.db, artifactStore, run, options)
    expect(again.alreadyPublished).toBe(true)
    expect((await databaseStatus(store.db)).counts).toEqual(before.counts)
  })

  it('counts the run that was there first, not the one whose upload began first', async () => {
    const [slow, quick] = ['2026-01-01T01:00:00.000Z', '2026-01-01T02:00:00.000Z'].map((finishedAt) =>
      syntheticRun({ name: 'slow-upload', finishedAt }),
    )
    if (!slow || !quick) throw new RangeError('two runs')
    let goOn = () => {}
    const waiting = new Promise<void>((resolve) => {
      goOn = resolve
    })
    const slowArtifacts: ArtifactStore = {
      ...artifactStore,
      async put(bytes, mediaType) {
        await waiting
        return await artifactStore.put(bytes, mediaType)
      },
    }
    const uploading = publishRun(store.db, slowArtifacts, slow, options)
    await publishRun(store.db, artifactStore, quick, options)
    goOn()
    await uploading
    const found = await findRun(store.db, quick.manifest.runId)
    const row = await findTableRow(store.db, found?.entryId ?? '')
    const ids = (runs: readonly { readonly runId: string }[] = []) => runs.map(({ runId }) => runId)
    expect(ids(row?.aggregate.runs)).toEqual([quick.manifest.runId])
    expect(ids(row?.aggregate.repeats)).toEqual([slow.manifest.runId])
  })

  /** The times of these runs, published one after the other, the latter by a machine whose clock is an hour behind. */
  async function publishedBehind(publish: readonly (() => Promise<unknown>)[], ids: readonly string[]) {
    try {
      for (const one of publish) {
        await one()
        vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - 3_600_000 })
      }
    } finally {
      vi.useRealTimers()
    }
    const found = await Promise.all(ids.map((id) => findRun(store.db, id)))
    return found.map((run) => run?.publishedAt.getTime() ?? Number.NaN)
  }

  it('counts the run that was there first, though the clock of another publisher is behind', async () => {
    const runs = ['2026-01-01T02:00:00.000Z', '2026-01-01T01:00:00.000Z'].map((finishedAt) =>
      syntheticRun({ name: 'slow-clock', finishedAt }),
    )
    const ids = runs.map(({ manifest }) => manifest.runId)
    const publish = runs.map((run) => () => publishRun(store.db, artifactStore, run, options))
    const [first = Number.NaN, second = Number.NaN] = await publishedBehind(publish, ids)
    expect(second).toBeGreaterThan(first)
    const found = await findRun(store.db, ids[0] ?? '')
    const row = await findTableRow(store.db, found?.entryId ?? '')
    expect(row?.aggregate.runs.map(({ runId }) => runId)).toEqual(ids.slice(0, 1))
  })

  it('gives runs that ship together one time of the same clock', async () => {
    const runs = [1, 2].map((seed) => syntheticRun({ name: 'shipped', seed }))
    const first = syntheticRun({ name: 'before-shipped' })
    const publish = [
      () => publishRun(store.db, artifactStore, first, options),
      () => publishShipped(store.db, artifactStore, runs),
    ]
    const ids = [first, ...runs].map(({ manifest }) => manifest.runId)
    const [before = Number.NaN, one = Number.NaN, two] = await publishedBehind(publish, ids)
    expect(one).toBeGreaterThan(before)
    expect(two).toBe(one)
  })

  it('is safe for several publishers at once', async () => {
    const others = await Promise.all([1, 2].map(() => openStore({ url: store.url })))
    const runs = [1, 2, 3].map((seed) => syntheticRun({ name: 'at-once', seed }))
    const before = await databaseStatus(store.db)
    const results = await Promise.all(
      [store, ...others].flatMap(({ db }) => runs.map((run) => publishRun(db, artifactStore, run, options))),
    )
    await Promise.all(others.map((other) => other.close()))
    expect(results.filter(({ alreadyPublished }) => !alreadyPublished)).toHaveLength(3)
    const { counts } = await databaseStatus(store.db)
    expect(counts.runs).toBe(before.counts.runs + 3)
    expect(counts.entries).toBe(before.counts.entries + 1)
  })

  it('goes on after the server has dropped every connection', async () => {
    const [first, second] = [1, 2].map((seed) => syntheticRun({ name: 'dropped', seed }))
    if (!first || !second) throw new RangeError('two runs')
    await publishRun(store.db, artifactStore, first, options)
    const other = await openStore({ url: store.url })
    await other.db.execute(
      sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
    )
    await other.close()
    expect((await publishRun(store.db, artifactStore, second, options)).alreadyPublished).toBe(false)
  })

  /** Ends the connections that publish, one after the other, while each waits for a track that is held. */
  async function losing<T>(times: number, run: PublishableRun, publish: () => Promise<T>): Promise<T> {
    const other = await openStore({ url: store.url })
    let published: Promise<T> | undefined
    await other.db.transaction(async (tx) => {
      await lockTrack(tx, run.manifest.track.digest)
      published = publish()
      // Whoever waits for it below hears of it.
      published.catch(() => {})
      for (let lost = 0; lost < times; lost++) {
        await vi.waitFor(
          async () => {
            const { rowCount } = await other.db.execute(
              sql`select pg_terminate_backend(pid, 10000) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
            )
            expect(rowCount).toBe(1)
          },
          { timeout: 30_000 },
        )
      }
      if (times === attempts) await published.catch(() => {})
    })
    await other.close()
    if (!published) throw new RangeError('published')
    return await published
  }

  it('goes on after a connection was lost in the middle of its transaction', async () => {
    const [first, second] = [1, 2].map((seed) => syntheticRun({ name: 'cut', seed }))
    if (!first || !second) throw new RangeError('two runs')
    await publishRun(store.db, artifactStore, first, options)
    const publish = () => publishRun(store.db, artifactStore, second, options)
    expect((await losing(1, second, publish)).alreadyPublished).toBe(false)
    expect(await findRun(store.db, second.manifest.runId)).toBeDefined()
  })

  it('says how to retry when it loses one connection after the other, and leaves nothing half there', async () => {
    const [first, second] = [1, 2].map((seed) => syntheticRun({ name: 'cut-again', seed }))
    if (!first || !second) throw new RangeError('two runs')
    await publishRun(store.db, artifactStore, first, options)
    const publish = () => publishRun(store.db, artifactStore, second, options)
    const refusal = await refusalOf(losing(attempts, second, publish))
    expect(refusal.code).toBe('storage')
    expect(refusal.hint).toContain('run the same `mate-bench publish` again')
    expect(await findRun(store.db, second.manifest.runId)).toBeUndefined()
    expect((await publish()).alreadyPublished).toBe(false)
  })

  it('refuses a number that the predictions do not give, and says the difference', async () => {
    const run = resealed(syntheticRun({ name: 'boast' }), ({ results }) => ({
      results: { ...results, exits: results.exits.map((exit) => ({ ...exit, top1: 0.99 })) },
    }))
    const before = await databaseStatus(store.db)
    const refusal = await refusalOf(publishRun(store.db, artifactStore, run, options))
    expect(refusal.code).toBe('verification-failed')
    expect(refusal.problems[0]).toMatchObject({
      path: 'results.exits[0].top1',
      message: expect.stringMatching(/says 0\.99, recomputed is 0\.\d+/),
    })
    expect((await databaseStatus(store.db)).counts).toEqual(before.counts)
  })

  it('leaves nothing behind when the last word before the commit is no', async () => {
    const run = syntheticRun({ name: 'withdrawn' })
    const before = await databaseStatus(store.db)
    const refused = publishRun(store.db, artifactStore, run, {
      ...options,
      confirm: async (tx) => {
        // Asked when all is written, so that nothing can come between.
        expect(await findRun(tx, run.manifest.runId)).toBeDefined()
        throw new BenchError({ code: 'conflict', message: 'It is no longer ours.' })
      },
    })
    expect((await refusalOf(refused)).message).toBe('It is no longer ours.')
    expect((await databaseStatus(store.db)).counts).toEqual(before.counts)
  })

  it('refuses made-up runs beside trained ones, and trained ones beside made-up ones', async () => {
    const made = syntheticRun({ name: 'made-up' })
    const beside = await refusalOf(publishRun(store.db, artifactStore, made, { ...options, synthetic: true }))
    expect(beside).toMatchObject({ code: 'conflict', hint: expect.stringContaining('another database') })
    expect(await findRun(store.db, made.manifest.runId)).toBeUndefined()

    const other = await openTestStore(driver)
    const trained = syntheticRun({ name: 'trained' })
    // At once: one of them is there, and the other is refused.
    const outcomes = await Promise.allSettled([
      publishRun(other.db, artifactStore, made, { ...options, synthetic: true }),
      publishRun(other.db, artifactStore, trained, options),
    ])
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    expect((await databaseStatus(other.db)).counts.runs).toBe(1)
    await other.close()
  })

  it('refuses another run under an id that is taken', async () => {
    const run = syntheticRun({ name: 'taken' })
    await publishRun(store.db, artifactStore, run, options)
    const other = resealed(run, () => ({ deterministic: false }))
    const refusal = await refusalOf(publishRun(store.db, artifactStore, other, options))
    expect(refusal.code).toBe('conflict')
    expect((await findRun(store.db, run.manifest.runId))?.manifestDigest).toBe(run.manifest.manifestDigest)
  })
})

describe('publishRun', () => {
  const folder = mkdtempSync(join(tmpdir(), 'artifacts-'))
  const artifactStore = openFolderArtifacts(folder)
  afterAll(() => rmSync(folder, { recursive: true }))

  it('refuses a file that is not the one in the manifest, before the database is asked', async () => {
    const store = await openStore({ url: 'postgres://user:sekret@127.0.0.1:1/none' })
    const run = syntheticRun({ name: 'file' })
    const changed = { ...run, readFile: () => new TextEncoder().encode('{}') }
    const refusal = await refusalOf(publishRun(store.db, artifactStore, changed, options))
    expect(refusal.code).toBe('verification-failed')
    expect(refusal.problems.map(({ path }) => path)).toEqual(['spec.json'])
    await store.close()
  })

  it('says how to retry when the database is away, and keeps the password to itself', async () => {
    const store = await openStore({ url: 'postgres://user:sekret@127.0.0.1:1/none' })
    const refusal = await refusalOf(publishRun(store.db, artifactStore, syntheticRun(), options))
    expect(refusal.code).toBe('storage')
    expect(refusal.hint).toContain('run the same `mate-bench publish` again')
    expect(`${refusal.message} ${refusal.hint} ${refusal.stack}`).not.toContain('sekret')
    await store.close()
  })

  it.each([
    ['manifestDigest', { deterministic: false }],
    ['specDigest', { specDigest: `sha256:${'0'.repeat(64)}` }],
  ])('refuses a manifest whose %s does not hold', async (path, change) => {
    const run = syntheticRun()
    const changed = { ...run, manifest: { ...run.manifest, ...change } }
    const store = await openStore({ url: 'postgres://user:sekret@127.0.0.1:1/none' })
    const refusal = await refusalOf(publishRun(store.db, artifactStore, changed, options))
    expect(refusal.problems.map((problem) => problem.path)).toContain(path)
    await store.close()
  })
})
