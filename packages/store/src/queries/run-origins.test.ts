import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openFolderArtifacts } from '../artifacts/folder-artifacts.ts'
import { publishRun } from '../publish/publish-run.ts'
import { approveSubmission } from '../queue/decide.ts'
import { localQueue } from '../queue/local-queue.ts'
import { syntheticRun } from '../testing/synthetic-run.ts'
import { openTestStore, type TestStore } from '../testing/test-store.ts'
import { createToken } from './api-tokens.ts'
import { originsOfRuns } from './run-origins.ts'
import { createSubmission } from './submissions.ts'

const folder = mkdtempSync(join(tmpdir(), 'run-origins-'))
let store: TestStore
beforeAll(async () => {
  store = await openTestStore()
})
afterAll(async () => {
  await store.close()
  rmSync(folder, { recursive: true })
})

it('tells which submission runs came of, and who asked for and approved it', async () => {
  const { db } = store
  const expiresAt = new Date(Date.now() + 1e6)
  const { id: tokenId } = await createToken(db, { name: 't', owner: 'ada', scopes: ['submit'], expiresAt })
  const [first, second, byHand] = [1, 2, 3].map((seed) => syntheticRun({ seed }))
  if (!first || !second || !byHand) throw new RangeError('three runs')
  const { spec, specDigest } = first.manifest
  const submission = await createSubmission(db, {
    ...{ spec, specDigest, totalMacs: 1, tokenId, submitter: 'ada' },
  })
  await approveSubmission(db, localQueue, { id: submission.id, actor: 'grace' })
  for (const run of [first, second, byHand]) {
    const submissionId = run === byHand ? undefined : submission.id
    await publishRun(db, openFolderArtifacts(folder), run, { tier: 'recomputed', submissionId })
  }

  const ids = [second, first, byHand].map(({ manifest }) => manifest.runId)
  const origins = await originsOfRuns(db, ids)
  expect(origins).toHaveLength(1)
  expect(origins[0]?.submissionId).toBe(submission.id)
  expect(origins[0]?.runIds).toEqual([first.manifest.runId, second.manifest.runId].sort())
  expect(origins[0]?.history.map(({ toState, actor }) => [toState, actor])).toEqual([
    ['submitted', 'ada'],
    ['approved', 'grace'],
  ])
  expect(await originsOfRuns(db, [byHand.manifest.runId])).toEqual([])
  expect(await originsOfRuns(db, [])).toEqual([])
})
