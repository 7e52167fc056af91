import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openArtifacts } from '../artifacts/open-artifacts.ts'
import { bindToken } from '../ledger/remember-key.ts'
import { publishRun } from '../publish/publish-run.ts'
import { syntheticRun } from '../testing/synthetic-run.ts'
import { openTestStore, type TestStore } from '../testing/test-store.ts'
import { createToken } from './api-tokens.ts'
import { currentDataVersion } from './data-version.ts'
import { takeFromBucket } from './rate-limits.ts'

let store: TestStore
const folder = mkdtempSync(join(tmpdir(), 'data-version-'))
beforeAll(async () => {
  store = await openTestStore()
})
afterAll(async () => {
  await store?.close()
  rmSync(folder, { recursive: true, force: true })
})

const version = async () => (await currentDataVersion(store.db)).version
const publish = async (name: string) =>
  await publishRun(store.db, await openArtifacts(folder), syntheticRun({ name }), {
    tier: 'recomputed',
  })

it('is another one after a run is published, and leaves nothing behind', async () => {
  const before = await version()
  await publish('first')
  const after = await version()
  expect(after).not.toBe(before)
  expect(await version()).toBe(after)
  const { rows } = await store.db.execute(sql`select * from data_changes`)
  expect(rows).toEqual([])
})

it('is seen with the data and not before it, and stays where a transaction is rolled back', async () => {
  const before = await version()
  const undone = store.db.transaction(async (tx) => {
    await tx.execute(sql`update runs set synthetic = not synthetic`)
    expect(await version()).toBe(before)
    throw new Error('undone')
  })
  await expect(undone).rejects.toThrow('undone')
  expect(await version()).toBe(before)
})

it('holds nobody up who writes at the same time', async () => {
  const before = await version()
  await store.db.transaction(async (tx) => {
    await tx.execute(sql`update entries set published_at = published_at`)
    // Ends first although it began to write later.
    await store.db.execute(sql`update specs set digest = digest`)
  })
  expect(await version()).not.toBe(before)
})

it('stays where what changes is nobody’s to read: tokens, limits, the queue', async () => {
  const before = await version()
  const expiresAt = new Date('2100-01-01')
  await createToken(store.db, { name: 'x', owner: 'ada', scopes: ['submit'], expiresAt })
  await takeFromBucket(store.db, 'address:x', { burst: 5, perMinute: 5 }, new Date())
  await store.db.execute(sql`update submissions set progress = '{}'`)
  expect(await version()).toBe(before)
})

it('stays where nothing is written that was not there: a run published again, a key known already', async () => {
  await publish('again')
  const expiresAt = new Date('2100-01-01')
  const { id } = await createToken(store.db, { name: 'y', owner: 'ada', scopes: ['submit'], expiresAt })
  const sign = () => bindToken(store.db, { id, owner: 'ada' }, `ed25519:${'a'.repeat(64)}`, new Date())
  const unsigned = await version()
  await sign()
  const before = await version()
  expect(before).not.toBe(unsigned)
  await sign()
  expect((await publish('again')).alreadyPublished).toBe(true)
  await store.db.execute(sql`update runs set synthetic = synthetic where false`)
  await store.db.execute(sql`delete from runs where false`)
  expect(await version()).toBe(before)
})

it('is another one after rows change or go, or all of a table', async () => {
  for (const change of [
    sql`update signing_keys set owner = 'eve'`,
    sql`delete from signing_keys`,
    sql`truncate papers cascade`,
  ]) {
    const before = await version()
    await store.db.execute(change)
    expect(await version()).not.toBe(before)
  }
})
