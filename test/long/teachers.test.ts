import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { digestSpec, type Job, runPool, runSpec, type Spec, verifyRun } from '@mate-bench/harness'
import { runFolderPath } from '@mate-bench/harness/run-folder'
import { openArtifacts } from '@mate-bench/store'
import { openTestStore, type TestStore } from '@mate-bench/store/testing'
import { bringTeachers, publishFolder } from '@mate-bench/worker'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { tinySpec } from '../support/tiny-spec.ts'

const short = { ...tinySpec().training, epochs: 1, schedule: { name: 'constant' } }
const teacher = tinySpec({ name: 'teacher', method: { name: 'joint' }, training: short, seeds: [1] })
const student = tinySpec({
  name: 'student',
  method: { name: 'kd', teacher: { specDigest: digestSpec(teacher) }, teacherExit: 'matching' },
  teacherSpecs: [teacher],
  training: {
    ...short,
    epochs: 2,
    regime: { name: 'mixed', backbone: { epochs: 1, schedule: short.schedule } },
  },
  seeds: [1],
})
const out = temporaryFolder()
const folderOf = (spec: Spec, place = out) => runFolderPath(place, spec, 1)
const jobOf = (spec: Spec): Job => ({ label: spec.name, spec, seed: 1, out, backend: 'wasm' })

let store: TestStore
beforeAll(async () => {
  store = await openTestStore()
})
afterAll(async () => {
  await store?.close()
})

it('is refused without its teacher, and leaves nothing behind', async () => {
  await expect(runSpec({ spec: student, seed: 1, out, backend: 'wasm' })).rejects.toMatchObject({
    code: 'not-found',
    message: 'The teacher of "student" is not trained yet: "teacher" with seed 1.',
  })
})

it('is trained after its teacher, names it in its manifest, and verifies beside it', async () => {
  const jobs = [{ ...jobOf(student), after: [folderOf(teacher)] }, jobOf(teacher)]
  const results = await runPool(jobs, { workers: 2 })
  expect(results.map(({ error }) => error)).toEqual([undefined, undefined])
  const manifestOf = (spec: Spec) => JSON.parse(readFileSync(join(folderOf(spec), 'manifest.json'), 'utf8'))
  const taughtBy = manifestOf(teacher)
  const weights = taughtBy.artifacts.find(({ role }: { role: string }) => role === 'model').sha256
  expect(manifestOf(student).teachers).toEqual([
    { specDigest: digestSpec(teacher), seed: 1, runId: taughtBy.runId, weightsSha256: weights },
  ])
  const { checks } = await verifyRun(folderOf(student))
  expect(checks.filter(({ ok }) => !ok)).toEqual([])
  expect(checks.find(({ name }) => name === 'weights of the teacher teacher')?.outcome).toBe('passed')
  const rows = readFileSync(join(folderOf(student), 'metrics.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
  expect(rows.map((row) => JSON.parse(row)).map(({ phase, terms }) => [phase, Object.keys(terms)])).toEqual([
    ['backbone', ['ce3']],
    ['everything', ['ce1', 'ce2', 'ce3', 'kd1', 'kd2', 'kd3']],
  ])
})

it('is published after its teacher, and trained again elsewhere from the published copy to the same bytes', async () => {
  const artifacts = await openArtifacts(temporaryFolder())
  const publish = (spec: Spec) => publishFolder(store.db, artifacts, folderOf(spec), { tier: 'recomputed' })
  await expect(publish(student)).rejects.toMatchObject({
    code: 'verification-failed',
    problems: [expect.objectContaining({ message: 'it is not published: publish its folder first' })],
  })
  await publish(teacher)
  await publish(student)

  const elsewhere = temporaryFolder()
  mkdirSync(elsewhere, { recursive: true })
  const brought = await bringTeachers(store.db, artifacts, { spec: student, seed: 1, out: elsewhere })
  expect(brought).toHaveLength(1)
  await runSpec({ spec: student, seed: 1, out: elsewhere, backend: 'wasm' })
  for (const file of ['model.safetensors', 'predictions.parquet', 'metrics.jsonl']) {
    const bytes = readFileSync(join(folderOf(student), file))
    expect(readFileSync(join(folderOf(student, elsewhere), file)).equals(bytes), file).toBe(true)
  }
})
