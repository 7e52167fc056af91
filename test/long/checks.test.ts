/** Published runs that are checked by workers: tiers that are earned, forgeries that lose their rank, workers that die. */
import { setTimeout as sleep } from 'node:timers/promises'
import { digestSpec, runSpec, type Spec } from '@mate-bench/harness'
import { readManifest } from '@mate-bench/harness/read-manifest'
import { formatKey, newKey } from '@mate-bench/harness/signing'
import { verdictStatement, verifyVerdictSignature } from '@mate-bench/provenance'
import { getSubmission, type SubmissionDetail, withdrawRun } from '@mate-bench/store'
import { publishFolder } from '@mate-bench/worker'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { jsonHeaders, openTestApi, type TestApi } from '../../apps/web/src/api/testing/test-api.ts'
import { asSeed, forgeRun } from '../support/forge-run.ts'
import { type StartedProgram, startProgram } from '../support/start-program.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { tinySpec } from '../support/tiny-spec.ts'

// Processes that train: slow where a machine has much else to do.
vi.setConfig({ testTimeout: 180_000 })

/** As in an image without git, whose code is known to be that of a commit: bits are asked for. */
const oneCode = { GIT_DIR: '/nonexistent', MATE_BENCH_COMMIT: 'f00d', MATE_BENCH_DIRTY: 'false' }

let api: TestApi
let author: string
let reviewer: string
const workers: StartedProgram[] = []

beforeAll(async () => {
  for (const [name, value] of Object.entries(oneCode)) vi.stubEnv(name, value)
  api = await openTestApi()
  author = await api.token(['submit'])
  reviewer = await api.token(['approve'], { owner: 'grace' })
})
afterEach(async () => {
  for (const { child, ended } of workers.splice(0)) {
    child.kill('SIGKILL')
    await ended
  }
})
afterAll(async () => {
  vi.unstubAllEnvs()
  await api?.close()
})

async function published(spec: Spec, change: (folder: string) => Promise<string> = async (folder) => folder) {
  const { folder } = await runSpec({
    spec,
    seed: spec.seeds[0] ?? 1,
    out: temporaryFolder(),
    backend: 'wasm',
  })
  const changed = await change(folder)
  await publishFolder(api.store.db, api.artifacts, changed, { tier: 'recomputed' })
  return readManifest(changed).manifest.runId
}

const post = (path: string, token: string) =>
  api.request(path, { method: 'POST', headers: jsonHeaders(token) })

/** Asks for a check and approves it. */
async function ask(runId: string, tier: string): Promise<string> {
  const asked = await post(`/runs/${runId}/checks?tier=${tier}`, author)
  expect(asked.status).toBe(201)
  const { id } = await asked.json()
  expect((await post(`/submissions/${id}/approve`, reviewer)).status).toBe(200)
  return id
}

function work(runs: string, ...args: string[]): StartedProgram {
  const worker = startProgram(['worker', '--backend', 'wasm', '--runs', runs, '--lease', '3', ...args], {
    ...oneCode,
    DATABASE_URL: api.store.url,
    MATE_BENCH_ARTIFACTS: api.artifacts.where,
  })
  workers.push(worker)
  return worker
}

async function workOnce(): Promise<void> {
  const worker = work(temporaryFolder(), '--once')
  expect(await worker.ended, worker.output()).toBe(0)
}

const verdictsOf = async (runId: string) => (await (await api.request(`/runs/${runId}/verdicts`)).json()).data
const tierOf = async (runId: string) => (await (await api.request(`/runs/${runId}`)).json()).tier

async function until(id: string, holds: (detail: SubmissionDetail) => boolean, worker: StartedProgram) {
  for (let i = 0; i < 2000; i++) {
    const detail = await getSubmission(api.store.db, id, 1000)
    if (holds(detail)) return detail
    await sleep(50)
  }
  throw new Error(`It never came to that:\n${worker.output()}`)
}
const hasSaid = (pattern: RegExp) => (detail: SubmissionDetail) =>
  detail.log.some(({ line }) => pattern.test(line))

describe('a published run', () => {
  it('earns its tiers, and the same check is asked for once', async () => {
    const runId = await published(tinySpec({ name: 'honest', seeds: [1] }))
    const first = await ask(runId, 're-evaluated')
    const again = await post(`/runs/${runId}/checks?tier=re-evaluated`, author)
    expect([again.status, (await again.json()).id]).toEqual([200, first])
    await workOnce()
    expect(await tierOf(runId)).toBe('re-evaluated')
    const [reEvaluation] = await verdictsOf(runId)
    expect(reEvaluation).toMatchObject({
      ...{ check: 're-evaluation', verdict: 'equal', effect: 'raises', checker: 'ada', submissionId: first },
      evidence: { images: 1000, predictions: 4000, otherClasses: 0, tolerance: 0.001 },
      place: { backend: 'wasm', commit: 'f00d' },
    })
    expect(reEvaluation.key).toBeNull()
    const key = newKey('the worker')
    vi.stubEnv('MATE_BENCH_SIGNING_KEY', formatKey(key))
    await ask(runId, 'retrained')
    await workOnce()
    vi.stubEnv('MATE_BENCH_SIGNING_KEY', '')
    expect(await tierOf(runId)).toBe('retrained')
    const [retraining, ...others] = await verdictsOf(runId)
    expect(others).toHaveLength(1)
    expect(retraining).toMatchObject({ check: 'retraining', verdict: 'identical', thirdParty: false })
    const { manifest, envelope } = await (await api.request(`/verdicts/${retraining.id}`)).json()
    const { manifestDigest } = await (await api.request(`/runs/${runId}`)).json()
    const statement = verdictStatement({ ...retraining, manifestDigest, manifests: [manifest] })
    expect(await verifyVerdictSignature(envelope, statement)).toBe(key.keyId)
    expect(retraining.key).toBe(key.keyId)
    expect(manifest).toMatchObject({ seed: 1, code: { commit: 'f00d', dirty: false } })
    expect(manifest.runId).not.toBe(runId)
  })

  it('with another network’s weights gives its predictions, and loses its rank when it is trained again', async () => {
    const spec = tinySpec({ name: 'forged', seeds: [2, 1] })
    const runId = await published(spec, (folder) => forgeRun(folder, asSeed(1)))
    await ask(runId, 'retrained')
    await workOnce()
    const [retraining, reEvaluation] = await verdictsOf(runId)
    expect(reEvaluation).toMatchObject({ check: 're-evaluation', effect: 'raises' })
    expect(retraining).toMatchObject({
      ...{ check: 'retraining', verdict: 'inconsistent', effect: 'disputes' },
      cause: expect.stringContaining('may not come of this training'),
    })
    expect(await tierOf(runId)).toBe('re-evaluated')
    const ruled = await post(`/verdicts/${retraining.id}/rule?ruling=upheld&note=forged`, reviewer)
    expect(await ruled.json()).toMatchObject({ ruling: { ruling: 'upheld', by: 'grace', note: 'forged' } })
  })
})

it('a run that others taught is checked beside the very runs that taught it', async () => {
  const short = { ...tinySpec().training, epochs: 1, schedule: { name: 'constant' } }
  const teacher = tinySpec({ name: 'teacher', method: { name: 'joint' }, training: short, seeds: [1] })
  const student = tinySpec({
    name: 'student',
    method: { name: 'kd', teacher: { specDigest: digestSpec(teacher) }, teacherExit: 'matching' },
    ...{ teacherSpecs: [teacher], training: short, seeds: [1] },
  })
  const out = temporaryFolder()
  const ids: string[] = []
  for (const spec of [teacher, student]) {
    const { folder } = await runSpec({ spec, seed: 1, out, backend: 'wasm' })
    await publishFolder(api.store.db, api.artifacts, folder, { tier: 'recomputed' })
    ids.push(readManifest(folder).manifest.runId)
  }
  const [teacherId = '', runId = ''] = ids
  // It taught the run, whatever came of it later.
  await withdrawRun(api.store.db, teacherId, { reason: 'another was better' })
  await ask(runId, 'retrained')
  await workOnce()
  expect(await verdictsOf(runId)).toMatchObject([
    { check: 'retraining', verdict: 'identical' },
    { check: 're-evaluation', verdict: 'equal' },
  ])
  expect(await tierOf(runId)).toBe('retrained')
})

describe('a worker that is killed', () => {
  it('while it trains again is followed by one that goes on, with one verdict of each check', async () => {
    const { training } = tinySpec()
    const long = { method: { name: 'joint' }, training: { ...training, epochs: 40 }, seeds: [3] }
    const runId = await published(tinySpec({ name: 'killed', ...long }))
    const id = await ask(runId, 'retrained')
    const runs = temporaryFolder()
    const first = work(runs)
    await until(id, hasSaid(/seed 3: epoch [2-9]/), first)
    first.child.kill('SIGKILL')
    await first.ended
    const second = work(runs)
    const done = await until(id, ({ submission }) => submission.state === 'finished', second)
    const log = done.log.map(({ line }) => line).join('\n')
    expect(log).toMatch(/seed 3: goes on in epoch \d+/)
    expect(log.match(/runs the published weights/g)).toHaveLength(1)
    const verdicts = await verdictsOf(runId)
    expect(verdicts.map(({ check }: { check: string }) => check)).toEqual(['retraining', 're-evaluation'])
    expect(await tierOf(runId)).toBe('retrained')
  })

  it('while it runs the weights is followed by one that runs them again', async () => {
    const runId = await published(tinySpec({ name: 'killed-early', seeds: [4] }))
    const id = await ask(runId, 're-evaluated')
    const runs = temporaryFolder()
    const first = work(runs)
    await first.says(/: taken$/m)
    first.child.kill('SIGKILL')
    await first.ended
    const second = work(runs)
    const done = await until(id, ({ submission }) => submission.state === 'finished', second)
    expect(done.history.map(({ toState }) => toState).filter((state) => state === 'running')).toHaveLength(2)
    expect(await verdictsOf(runId)).toHaveLength(1)
    expect(await tierOf(runId)).toBe('re-evaluated')
  })
})
