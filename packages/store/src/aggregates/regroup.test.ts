import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { digestExperiment } from '@mate-bench/provenance'
import { getTableColumns, sql } from 'drizzle-orm'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import journal from '../../migrations/meta/_journal.json' with { type: 'json' }
import { openFolderArtifacts } from '../artifacts/folder-artifacts.ts'
import { packCorrect } from '../correct-bits.ts'
import type { Db } from '../drivers/db.ts'
import { entryIdOf, formerEntryIdOf } from '../entry-id.ts'
import { migrate } from '../migrate.ts'
import { publishRun } from '../publish/publish-run.ts'
import type { PublishableRun } from '../publish/publishable-run.ts'
import { exitRows, runRow, specRow, trackRow } from '../publish/run-rows.ts'
import { findEntry, listEntries } from '../queries/entries.ts'
import { runsOfEntry } from '../queries/runs.ts'
import { trackTable } from '../queries/track-table.ts'
import { exitResults, runs, specs, tracks } from '../schema/index.ts'
import { syntheticRun } from '../testing/synthetic-run.ts'
import { openTestStore, type TestStore } from '../testing/test-store.ts'

const folder = mkdtempSync(join(tmpdir(), 'regroup-'))
afterAll(() => rmSync(folder, { recursive: true }))
let store: TestStore | undefined
afterEach(async () => {
  await store?.close()
  store = undefined
})

const day = (n: number) => new Date(Date.UTC(2026, 0, n))
/** One experiment under two names, and another one; the first of them was published by two specs. */
const first = syntheticRun({ name: 'mate', seed: 1 })
const second = syntheticRun({ name: 'mate', seed: 2, label: 'mate-again' })
const other = syntheticRun({ name: 'other', seed: 1 })
const idOf = ({ manifest }: PublishableRun) =>
  entryIdOf(manifest.track.digest, digestExperiment(manifest.spec))
const formerIdOf = ({ manifest }: PublishableRun) =>
  formerEntryIdOf(manifest.track.digest, manifest.specDigest)

describe('entries', () => {
  it('grow: another name and another seed of one experiment are runs of one entry, labelled by the latest', async () => {
    store = await openTestStore()
    const { db } = store
    const artifacts = openFolderArtifacts(folder)
    for (const [i, run] of [first, second, other].entries()) {
      await publishRun(db, artifacts, run, { tier: 'recomputed', publishedAt: day(i + 1) })
    }
    const { rows } = await listEntries(db)
    expect(rows.map(({ id, name, runs }) => ({ id, name, runs }))).toEqual([
      { id: idOf(other), name: 'other', runs: 1 },
      { id: idOf(first), name: 'mate-again', runs: 2 },
    ])
    // By either spec, and by the ids that the two specs' entries would have had.
    for (const { manifest } of [first, second]) {
      const { rows: found } = await listEntries(db, { specDigest: manifest.specDigest })
      expect(found.map(({ id }) => id)).toEqual([idOf(first)])
    }
    for (const run of [first, second]) {
      expect((await findEntry(db, formerIdOf(run)))?.id).toBe(idOf(first))
    }
    expect((await runsOfEntry(db, idOf(first))).map(({ name, seed }) => ({ name, seed }))).toEqual([
      { name: 'mate', seed: 1 },
      { name: 'mate-again', seed: 2 },
    ])
  })

  it('refuse the predictions of one seed under another, whatever its spec is called', async () => {
    store = await openTestStore()
    const { db } = store
    const artifacts = openFolderArtifacts(folder)
    await publishRun(db, artifacts, first, { tier: 'recomputed' })
    const copy = syntheticRun({ name: 'mate', seed: 2, label: 'renamed', filesOfSeed: 1 })
    await expect(publishRun(db, artifacts, copy, { tier: 'recomputed' })).rejects.toMatchObject({
      code: 'verification-failed',
      problems: [expect.objectContaining({ path: 'predictions.parquet' })],
    })
  })
})

describe('migrating a database where each spec was an entry', () => {
  it('makes one entry of an experiment, and the ids of before lead to it', async () => {
    store = await openTestStore('embedded', { empty: true })
    const { db } = store
    await migrateTo(db, 4)
    for (const [i, run] of [first, second, other].entries()) await insertFormer(db, run, day(i + 1))
    await migrate(db)

    const { rows } = await listEntries(db)
    expect(rows.map(({ id, name, publishedAt }) => ({ id, name, publishedAt }))).toEqual([
      { id: idOf(other), name: 'other', publishedAt: day(3) },
      { id: idOf(first), name: 'mate-again', publishedAt: day(1) },
    ])
    for (const run of [first, second]) {
      expect(await findEntry(db, formerIdOf(run))).toMatchObject({
        id: idOf(first),
        experimentDigest: digestExperiment(first.manifest.spec),
        specDigest: second.manifest.specDigest,
      })
    }
    const table = await trackTable(db, first.manifest.track.digest)
    const seeds = table.map(({ aggregate }) => aggregate.runs.map(({ seed }) => seed))
    expect(seeds.sort((a, b) => a.length - b.length)).toEqual([[1], [1, 2]])
    // What is published afterwards goes where the others are.
    const third = syntheticRun({ name: 'mate', seed: 3 })
    await publishRun(db, openFolderArtifacts(folder), third, { tier: 'recomputed' })
    expect((await findEntry(db, idOf(first)))?.runs).toBe(3)
  })
})

/** The tables as they were after so many migrations. */
async function migrateTo(db: Db, count: number): Promise<void> {
  await db.execute(sql`create schema drizzle`)
  await db.execute(
    sql`create table drizzle.__drizzle_migrations (id serial primary key, hash text not null, created_at bigint)`,
  )
  for (const { tag, when } of journal.entries.slice(0, count)) {
    const statements = readFileSync(new URL(`../../migrations/${tag}.sql`, import.meta.url), 'utf8')
    for (const statement of statements.split('--> statement-breakpoint')) await db.execute(sql.raw(statement))
    await db.execute(
      sql`insert into drizzle.__drizzle_migrations (hash, created_at) values (${tag}, ${when})`,
    )
  }
}

/** A run as it was published then. */
async function insertFormer(
  db: Db,
  { manifest, correctness }: PublishableRun,
  publishedAt: Date,
): Promise<void> {
  await db.insert(tracks).values(trackRow(manifest)).onConflictDoNothing()
  await db.insert(specs).values(specRow(manifest, publishedAt))
  const id = formerEntryIdOf(manifest.track.digest, manifest.specDigest)
  await db.execute(
    sql`insert into entries (id, track_digest, spec_digest, published_at)
      values (${id}, ${manifest.track.digest}, ${manifest.specDigest}, ${publishedAt.toISOString()})`,
  )
  const publication = { tier: 'recomputed', synthetic: false, publishedAt } as const
  const { specDigest: _, formerEntryId: __, ...row } = runRow(manifest, publication)
  const columns = getTableColumns(runs)
  const named = Object.entries({ ...row, entryId: id }).map(([key, value]) => [
    columns[key as keyof typeof row].name,
    value,
  ])
  await db.execute(
    sql`insert into runs select * from json_populate_record(null::runs, ${JSON.stringify(Object.fromEntries(named))})`,
  )
  const packed = { exits: correctness.exits.map(packCorrect), ensemble: packCorrect(correctness.ensemble) }
  await db.insert(exitResults).values(exitRows(manifest, packed))
}
