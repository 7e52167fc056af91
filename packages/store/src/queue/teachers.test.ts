import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { digestExperiment, digestJson } from '@mate-bench/provenance'
import { digestedContent, type SpecFrame } from '@mate-bench/schema'
import { sql } from 'drizzle-orm'
import { runMigrations } from 'graphile-worker'
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { openFolderArtifacts } from '../artifacts/folder-artifacts.ts'
import { withdrawRun } from '../ledger/withdraw-run.ts'
import { publishRun } from '../publish/publish-run.ts'
import { createToken } from '../queries/api-tokens.ts'
import { createSubmission, getSubmission } from '../queries/submissions.ts'
import { entries, runs, submissions } from '../schema/index.ts'
import { syntheticRun } from '../testing/synthetic-run.ts'
import { openTestStore, type TestStore } from '../testing/test-store.ts'
import { recordVerdict, ruleOnVerdict } from '../verdicts/record-verdict.ts'
import { requestCheck } from './checks.ts'
import { approveSubmission } from './decide.ts'
import { claimSubmission, endLease } from './lease.ts'
import { localQueue } from './local-queue.ts'
import { teacherStanding } from './teachers.ts'

let store: TestStore
let tokenId: string
const folder = mkdtempSync(join(tmpdir(), 'teachers-'))
beforeAll(async () => {
  store = await openTestStore()
  await runMigrations({ connectionString: store.url })
  const expiresAt = new Date('2100-01-01')
  tokenId = (await createToken(store.db, { name: 'test', owner: 'ada', scopes: ['submit'], expiresAt })).id
})
afterAll(async () => {
  await store?.close()
  rmSync(folder, { recursive: true })
})
beforeEach(async () => {
  await store.db.delete(submissions)
  await store.db.execute(sql`delete from graphile_worker._private_jobs`)
  await store.db.execute(sql`truncate ${runs}, ${entries} cascade`)
})

const teacherRun = syntheticRun({ name: 'teacher', seed: 1 })
const teacher: SpecFrame = { ...teacherRun.manifest.spec, seeds: [1] }
const teacherDigest = digestJson(digestedContent(teacher))
const student: SpecFrame = {
  ...syntheticRun({ name: 'student' }).manifest.spec,
  seeds: [1],
  method: { name: 'kd', teacher: { specDigest: teacherDigest, seed: 'same' } },
  teacherSpecs: [digestedContent(teacher) as SpecFrame],
}

async function queue(spec: SpecFrame): Promise<string> {
  const specDigest = digestJson(digestedContent(spec))
  const { id } = await createSubmission(store.db, {
    spec,
    specDigest,
    totalMacs: 1,
    tokenId,
    submitter: 'ada',
  })
  await approveSubmission(store.db, localQueue, { id, actor: 'grace' })
  return id
}

const publishTeacher = () =>
  publishRun(store.db, openFolderArtifacts(folder), teacherRun, { tier: 'recomputed' })
const stateOf = async (id: string) => (await getSubmission(store.db, id)).submission.state
const readyJobs = async () => {
  const { rows } = await store.db.execute<{ key: string }>(
    sql`select key from graphile_worker.jobs where run_at <= now()`,
  )
  return rows.map(({ key }) => key)
}

it('is ready where no teacher is named', async () => {
  expect(await teacherStanding(store.db, teacher, [1])).toEqual({ state: 'ready', teachers: [] })
})

it('is missing, on its way with an open submission, and ready once it is published', async () => {
  expect(digestExperiment(teacher)).toBe(digestExperiment(teacherRun.manifest.spec))
  expect(await teacherStanding(store.db, student, [1])).toMatchObject({ state: 'missing' })
  await queue(teacher)
  expect(await teacherStanding(store.db, student, [1])).toMatchObject({
    state: 'waiting',
    note: `It waits for its teacher ${teacher.name} with seed 1.`,
  })
  // Nobody asked for the teacher's run of another seed.
  expect(await teacherStanding(store.db, student, [1, 2])).toMatchObject({ state: 'missing' })
  await publishTeacher()
  expect(await teacherStanding(store.db, student, [1])).toMatchObject({
    state: 'ready',
    teachers: [{ specDigest: teacherDigest, seed: 1, runId: teacherRun.manifest.runId }],
  })
})

it('is ready where its teacher is published and its submission finished while both are looked at', async () => {
  const lease = { submissionId: await queue(teacher), worker: 'w' }
  await claimSubmission(store.db, lease)
  let standing: ReturnType<typeof teacherStanding> | undefined
  await store.db.transaction(async (tx) => {
    await tx.execute(sql`lock table ${submissions} in access exclusive mode`)
    // It looks for the run, which is not there, and then waits for the submissions.
    standing = teacherStanding(store.db, student, [1])
    await vi.waitFor(async () => {
      const { rows } = await store.db.execute(
        sql`select from pg_locks where relation = 'submissions'::regclass and not granted`,
      )
      expect(rows).toHaveLength(1)
    }, 10_000)
    await publishTeacher()
    await endLease(tx, lease, { state: 'finished' })
  })
  expect(await standing).toMatchObject({ state: 'ready', teachers: [{ specDigest: teacherDigest, seed: 1 }] })
})

it('stays in the queue until its teacher is published, and is woken by it', async () => {
  const first = await queue(teacher)
  const second = await queue(student)
  const early = await claimSubmission(store.db, { submissionId: second, worker: 'w' })
  expect(early).toEqual({ taken: false, waitsFor: `It waits for its teacher ${teacher.name} with seed 1.` })
  expect(await stateOf(second)).toBe('queued')
  expect(await readyJobs()).toEqual([first])

  const lease = { submissionId: first, worker: 'w' }
  expect((await claimSubmission(store.db, lease)).taken).toBe(true)
  await publishTeacher()
  await endLease(store.db, lease, { state: 'finished' })
  expect(await readyJobs()).toContain(second)
  expect((await claimSubmission(store.db, { submissionId: second, worker: 'w' })).taken).toBe(true)
})

it('fails, and says why, once its teacher has failed', async () => {
  const first = await queue(teacher)
  const second = await queue(student)
  const lease = { submissionId: first, worker: 'w' }
  await claimSubmission(store.db, lease)
  await endLease(store.db, lease, { state: 'failed', failure: 'The loss became NaN.' })
  expect(await claimSubmission(store.db, { submissionId: second, worker: 'w' })).toEqual({ taken: false })
  const { submission } = await getSubmission(store.db, second)
  expect(submission).toMatchObject({
    state: 'failed',
    failure: `Its teacher ${teacher.name} with seed 1 is not published, and no open submission asks for it.`,
  })
})

it('is not a run that was withdrawn or that a check disputes', async () => {
  await publishTeacher()
  const { runId } = teacherRun.manifest
  expect((await teacherStanding(store.db, student, [1])).state).toBe('ready')
  const dispute = await store.db.transaction((tx) =>
    recordVerdict(tx, {
      ...{
        runId,
        check: 're-evaluation',
        verdict: 'inconsistent',
        effect: 'disputes',
        summary: 's',
        cause: null,
      },
      evidence: {
        ...{ check: 're-evaluation', images: 1, predictions: 1, otherClasses: 1 },
        ...{ largestDifference: 1, tolerance: 0.001 },
      },
      place: { backend: 'wasm', cpu: 'c', gpu: null, os: 'o', arch: 'x64', node: '22', commit: null },
      ...{ checker: 'ada', thirdParty: false, worker: 'w', manifest: null, submissionId: null },
    }),
  )
  expect((await teacherStanding(store.db, student, [1])).state).toBe('missing')
  await ruleOnVerdict(store.db, { id: dispute?.id ?? '', ruling: 'dismissed', actor: 'grace', note: 'n' })
  expect((await teacherStanding(store.db, student, [1])).state).toBe('ready')
  await withdrawRun(store.db, runId, { reason: 'it was wrong' })
  expect((await teacherStanding(store.db, student, [1])).state).toBe('missing')
})

it('is not asked for where a run is checked whose teachers are published', async () => {
  await publishTeacher()
  const taught = syntheticRun({ name: 'taught' }).manifest
  await publishRun(store.db, openFolderArtifacts(folder), syntheticRun({ name: 'taught' }), {
    tier: 'recomputed',
  })
  // Its spec has seeds whose teachers nobody trained.
  const spec = { ...student, seeds: [1, 2, 3] }
  const { submission } = await store.db.transaction((tx) =>
    requestCheck(tx, {
      ...{ check: 're-evaluation', runId: taught.runId, spec, specDigest: taught.specDigest },
      ...{ totalMacs: 1, tokenId, submitter: 'ada' },
    }),
  )
  await approveSubmission(store.db, localQueue, { id: submission.id, actor: 'grace' })
  expect(await claimSubmission(store.db, { submissionId: submission.id, worker: 'w' })).toMatchObject({
    taken: true,
  })
})
