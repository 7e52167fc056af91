import { join } from 'node:path'
import {
  databaseStatus,
  exportStore,
  importStore,
  listRuns,
  openArtifacts,
  publishRun,
} from '@mate-bench/store'
import { openTestStore, syntheticRun, type TestStore } from '@mate-bench/store/testing'
import { trackSummaries, trackTable } from '@mate-bench/store/track-table'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { fillDatabase } from './fill-database.ts'

const folder = temporaryFolder()
const options = { entries: 6, runsPerEntry: 2, seed: 1 }
let store: TestStore

beforeAll(async () => {
  store = await openTestStore()
  await fillDatabase(store.db, options)
})
afterAll(async () => {
  await store.close()
})

/** What the board shows of every track. */
async function tablesOf({ db }: TestStore) {
  const tracks = await trackSummaries(db)
  return await Promise.all(
    tracks.map(async (track) => {
      const rows = await trackTable(db, track.digest)
      return { track, rows: rows.toSorted((a, b) => (a.entryId < b.entryId ? -1 : 1)) }
    }),
  )
}

describe('fillDatabase', () => {
  it('marks every run as made up', async () => {
    const { counts } = await databaseStatus(store.db)
    expect(counts).toMatchObject({ entries: 6, runs: 12, syntheticRuns: 12 })
    expect((await listRuns(store.db)).rows.every(({ synthetic }) => synthetic)).toBe(true)
    const tables = await tablesOf(store)
    expect(tables.flatMap(({ rows }) => rows).every(({ synthetic }) => synthetic)).toBe(true)
  })

  it('writes nothing the second time, and adds to it for a larger number', async () => {
    const before = await tablesOf(store)
    expect((await fillDatabase(store.db, options)).runs).toBe(0)
    expect(await tablesOf(store)).toEqual(before)
    expect((await fillDatabase(store.db, { ...options, entries: 7 })).runs).toBe(2)
    expect((await databaseStatus(store.db)).counts).toMatchObject({ entries: 7, runs: 14 })
  })

  it('refuses a database that holds a run that somebody trained, and leaves it as it is', async () => {
    const real = await openTestStore()
    await publishRun(real.db, await openArtifacts(join(folder, 'artifacts')), syntheticRun(), {
      tier: 'recomputed',
    })
    await expect(fillDatabase(real.db, options)).rejects.toMatchObject({
      code: 'conflict',
      hint: expect.stringContaining('another database'),
    })
    expect((await databaseStatus(real.db)).counts).toMatchObject({ runs: 1, syntheticRuns: 0 })
    await real.close()
  })

  it('makes what an export and an import keep', async () => {
    const exported = join(folder, 'exported')
    await exportStore(store.db, exported)
    const target = await openTestStore()
    await importStore(target.db, exported)
    expect(await tablesOf(target)).toEqual(await tablesOf(store))
    await target.close()
  })
})
