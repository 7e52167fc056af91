import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { digestSpec } from '@mate-bench/harness/spec'
import {
  approveSubmission,
  createSubmission,
  createToken,
  getSubmission,
  localQueue,
  openArtifacts,
} from '@mate-bench/store'
import { openTestStore, type TestStore } from '@mate-bench/store/testing'
import { sql } from 'drizzle-orm'
import { runMigrations } from 'graphile-worker'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { tinySpec } from '../../../../test/support/tiny-spec.ts'
import { trainSubmission } from './train-submission.ts'

let store: TestStore
const folder = mkdtempSync(join(tmpdir(), 'train-submission-'))
beforeAll(async () => {
  store = await openTestStore()
  await runMigrations({ connectionString: store.url })
})
afterAll(async () => {
  await store?.close()
  rmSync(folder, { recursive: true })
})

it('leaves a submission to the next worker where the database was in the way, and tells no statement', async () => {
  const { db } = store
  const expiresAt = new Date('2100-01-01')
  const { id: tokenId } = await createToken(db, { name: 't', owner: 'ada', scopes: ['submit'], expiresAt })
  const spec = tinySpec()
  const own = { spec, specDigest: digestSpec(spec), totalMacs: 1, tokenId, submitter: 'ada' }
  const { id } = await createSubmission(db, own)
  await approveSubmission(db, localQueue, { id, actor: 'grace' })
  await db.execute(sql`create function fail() returns trigger language plpgsql as
    $$ begin raise exception 'could not serialize access' using errcode = '40001'; end $$`)
  await db.execute(sql`create trigger fail before insert on ledger_entries execute function fail()`)
  const training = trainSubmission(
    {
      ...{
        db,
        artifacts: await openArtifacts(folder),
        name: 'w',
        runs: folder,
        backend: 'cpu',
        settings: {},
      },
      ...{ dataFolder: folder, checkpointEverySteps: undefined, leaseSeconds: 60, say: () => {} },
      ...{ stop: new AbortController().signal, kill: new AbortController().signal },
    },
    id,
  )
  await expect(training).rejects.toMatchObject({
    code: 'storage',
    message: expect.not.stringContaining('insert into'),
  })
  const { submission } = await getSubmission(db, id)
  expect(submission).toMatchObject({ state: 'running', failure: null })
})
