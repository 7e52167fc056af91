import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { digestExperiment } from '@mate-bench/provenance'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openFolderArtifacts } from '../artifacts/folder-artifacts.ts'
import type { Db } from '../drivers/db.ts'
import { entryIdOf } from '../entry-id.ts'
import { migrate } from '../migrate.ts'
import { publishRun } from '../publish/publish-run.ts'
import { syntheticRun } from '../testing/synthetic-run.ts'
import { openTestStore, type TestStore, testDrivers } from '../testing/test-store.ts'
import { artifactsOfRun, findArtifact, findArtifactByDigest } from './artifacts.ts'
import { encodeCursor, type Page, type PagePosition } from './cursor.ts'
import { findEntry, listEntries } from './entries.ts'
import { entriesByMethod, methodTable, rivalTable } from './method-table.ts'
import { pagePublishedResults } from './published-results.ts'
import { exitsOfRuns, findRun, listRuns, manifestsOfRuns, runsOfEntry } from './runs.ts'
import { siteAddresses } from './site-addresses.ts'
import { findSpec, listSpecs } from './specs.ts'
import { listSubmissions } from './submissions.ts'

const folder = mkdtempSync(join(tmpdir(), 'queries-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Five specs of two methods; the first has three runs, published last. */
const published = [
  ...['a', 'b', 'c', 'd', 'e'].map((name, i) => ({ name, method: i % 2 === 0 ? 'joint' : 'mate', seed: 1 })),
  { name: 'a', method: 'joint', seed: 3 },
  { name: 'a', method: 'joint', seed: 2 },
]

describe.each(testDrivers)('queries through %s', (driver) => {
  let store: TestStore
  let db: Db

  beforeAll(async () => {
    store = await openTestStore(driver)
    db = store.db
    for (const [i, options] of published.entries()) {
      // Two in each second: pages must tell rows of one moment apart.
      const publishedAt = new Date(Date.UTC(2026, 0, 1, 0, 0, Math.floor(i / 2)))
      await publishRun(db, openFolderArtifacts(folder), syntheticRun(options), {
        tier: 'recomputed',
        publishedAt,
      })
    }
  })
  afterAll(() => store.close())

  const { manifest } = syntheticRun(published[0])
  const entryId = entryIdOf(manifest.track.digest, digestExperiment(manifest.spec))

  it('pages through every row once, newest first', async () => {
    const pages = async <Row extends PagePosition>(list: (cursor?: string) => Promise<Page<Row>>) => {
      const rows: Row[] = []
      let cursor: string | undefined
      do {
        const page: Page<Row> = await list(cursor)
        expect(page.rows.length).toBeLessThanOrEqual(2)
        rows.push(...page.rows)
        cursor = page.next ?? undefined
      } while (cursor !== undefined)
      const keys = rows.map(({ publishedAt, id }) => `${publishedAt.toISOString()} ${id}`)
      expect(keys).toEqual([...keys].sort().reverse())
      return new Set(rows.map(({ id }) => id)).size
    }
    expect(await pages((cursor) => listEntries(db, { limit: 2, cursor }))).toBe(5)
    expect(await pages((cursor) => listRuns(db, { limit: 2, cursor }))).toBe(7)
    expect(await pages((cursor) => listSpecs(db, { limit: 2, cursor }))).toBe(5)
  })

  it.each([
    ['nonsense', 'nonsense'],
    ['a year that Postgres has not', encodeCursor(['0000-01-01T00:00:00.000Z', 'entry_1'])],
    ['a NUL, which it cannot compare', encodeCursor(['2026-01-01T00:00:00.000Z', 'entry\u0000'])],
    ['the position of another list', encodeCursor(['entry_1'])],
  ])('refuses a cursor that is %s', async (_, cursor) => {
    for (const list of [listEntries, listRuns, listSpecs, listSubmissions, pagePublishedResults]) {
      await expect(list(db, { cursor })).rejects.toMatchObject({ code: 'bad-input', path: 'cursor' })
    }
  })

  it('gives the addresses of all that has a page, newest first', async () => {
    const all = await siteAddresses(db, 10)
    expect(all.entries.map(({ id }) => id)).toEqual((await listEntries(db)).rows.map(({ id }) => id))
    expect(all.specs.map(({ id }) => id)).toEqual((await listSpecs(db)).rows.map(({ id }) => id))
    const few = await siteAddresses(db, 2)
    expect([few.entries, few.specs]).toEqual([all.entries.slice(0, 2), all.specs.slice(0, 2)])
  })

  it('tells when an entry was published first, and when its latest run was', async () => {
    const times = {
      publishedAt: new Date('2026-01-01T00:00:00Z'),
      updatedAt: new Date('2026-01-01T00:00:03Z'),
    }
    expect(await findEntry(db, entryId)).toMatchObject(times)
    expect((await listEntries(db)).rows.find(({ id }) => id === entryId)).toMatchObject(times)
    const { entries } = await siteAddresses(db, 10)
    expect(entries).toContainEqual({ id: entryId, updatedAt: times.updatedAt })
  })

  it('takes an entry for checked as far as the weakest of its runs', async () => {
    const ofTier = async (tier: 'recomputed' | 'retrained') =>
      (await listEntries(db, { tier, specDigest: manifest.specDigest })).rows.map((row) => row.tier)
    await db.execute(sql`update runs set tier = 'retrained' where id = ${manifest.runId}`)
    await migrate(db)
    expect([await ofTier('recomputed'), await ofTier('retrained')]).toEqual([['recomputed'], []])
    await db.execute(sql`update runs set tier = 'retrained' where entry_id = ${entryId}`)
    await migrate(db)
    expect([await ofTier('recomputed'), await ofTier('retrained')]).toEqual([[], ['retrained']])
    await db.execute(sql`update runs set tier = 'recomputed' where entry_id = ${entryId}`)
    await migrate(db)
  })

  it('counts the entries of every method, and gives those of one with rivals on the same tracks', async () => {
    expect(await entriesByMethod(db)).toEqual(
      new Map([
        ['joint', 3],
        ['mate', 2],
      ]),
    )
    const rows = await methodTable(db, 'mate', 10)
    expect(rows.map(({ aggregate }) => aggregate.specName)).toEqual(['d', 'b'])
    expect(await methodTable(db, 'mate', 1)).toHaveLength(1)
    const [row] = rows
    expect(row).toMatchObject({ dataset: 'fashion-mnist-mini', trackDigest: manifest.track.digest })
    expect(row?.spec.name).toBe('d')
    const wanted = { method: 'joint', trackDigests: [manifest.track.digest], backbones: ['resnet'] }
    const rivals = await rivalTable(db, wanted, 10)
    expect(rivals.map(({ aggregate }) => aggregate.specName).sort()).toEqual(['a', 'c', 'e'])
    expect(await rivalTable(db, { ...wanted, backbones: ['vgg'] }, 10)).toEqual([])
    expect(await rivalTable(db, { ...wanted, trackDigests: [] }, 10)).toEqual([])
  })

  it('filters', async () => {
    const names = async (filter: Parameters<typeof listEntries>[1]) =>
      (await listEntries(db, filter)).rows.map(({ name }) => name).sort()
    expect(await names({ method: 'mate' })).toEqual(['b', 'd'])
    expect(await names({ method: 'joint', backbone: 'resnet', tier: 'recomputed', backend: 'cpu' })).toEqual([
      'a',
      'c',
      'e',
    ])
    expect(await names({ tier: 'retrained' })).toEqual([])
    expect(await names({ backend: 'wasm' })).toEqual([])
    expect(await names({ trackDigest: manifest.track.digest })).toHaveLength(5)
    expect(await names({ dataset: "'; drop table runs; --" })).toEqual([])
    expect((await listRuns(db, { entryId })).rows).toHaveLength(3)
    expect((await listRuns(db, { method: 'mate' })).rows).toHaveLength(2)
    expect((await listSpecs(db, { name: 'c' })).rows.map(({ name }) => name)).toEqual(['c'])
  })

  it('shows an entry with its documents and its runs in the order of their seeds', async () => {
    const entry = await findEntry(db, entryId)
    expect(entry).toMatchObject({ name: 'a', runs: 3, exits: 3, spec: manifest.spec, track: manifest.track })
    const ofEntry = await runsOfEntry(db, entryId)
    expect(ofEntry.map(({ seed }) => seed)).toEqual([1, 2, 3])
    const exits = await exitsOfRuns(
      db,
      ofEntry.map(({ id }) => id),
    )
    expect([...exits.values()].map((rows) => rows.length)).toEqual([4, 4, 4])
    expect(await findSpec(db, manifest.specDigest)).toMatchObject({
      id: manifest.specDigest,
      document: manifest.spec,
    })
  })

  it('gives the manifests of several runs at once, and of none that is not there', async () => {
    const ids = (await runsOfEntry(db, entryId)).map(({ id }) => id)
    const manifests = await manifestsOfRuns(db, [...ids, 'run_none'])
    expect([...manifests.keys()].sort()).toEqual([...ids].sort())
    expect(manifests.get(manifest.runId)).toEqual(manifest)
    expect(await manifestsOfRuns(db, [])).toEqual(new Map())
  })

  it('finds files by run and by digest', async () => {
    const rows = await artifactsOfRun(db, manifest.runId)
    expect(rows.map(({ role }) => role)).toEqual(['spec', 'predictions'])
    const predictions = await findArtifact(db, manifest.runId, 'predictions')
    expect(predictions).toEqual(rows[1])
    expect(await findArtifactByDigest(db, predictions?.sha256 ?? '')).toEqual(predictions)
    expect(await findArtifact(db, manifest.runId, 'model')).toBeUndefined()
  })

  it('says nothing of what is not there', async () => {
    expect(await findEntry(db, 'entry_none')).toBeUndefined()
    expect(await findRun(db, 'run_none')).toBeUndefined()
    expect(await findSpec(db, 'sha256:none')).toBeUndefined()
    expect(await exitsOfRuns(db, [])).toEqual(new Map())
  })
})
