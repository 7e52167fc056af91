import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { awsBatchLauncher } from '@mate-bench/cloud'
import { digestSpec, type Spec } from '@mate-bench/harness'
import { BenchError } from '@mate-bench/schema'
import {
  type ArtifactStore,
  approveSubmission,
  cancelSubmission,
  createSubmission,
  createToken,
  findRun,
  getSubmission,
  loadTrainingJob,
  observeTrainingJob,
  openArtifacts,
  parseSha256,
  trainingJobsOf,
} from '@mate-bench/store'
import { openTestStore, type TestStore } from '@mate-bench/store/testing'
import { sql } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { tinySpec } from '../../../test/support/tiny-spec.ts'
import { main } from './main.ts'
import { MemoryObjects } from './testing/memory-objects.ts'
import { trainRun } from './train-run.ts'

const launcher = awsBatchLauncher(async () => {})

let store: TestStore
let work: string
let artifacts: ArtifactStore
let tokenId: string
const before = { ...process.env }
beforeAll(async () => {
  work = await mkdtemp(join(tmpdir(), 'mate-bench-train-run-'))
  store = await openTestStore()
  artifacts = await openArtifacts(join(work, 'artifacts'))
  const expiresAt = new Date('2100-01-01')
  tokenId = (await createToken(store.db, { name: 'test', owner: 'ada', scopes: ['submit'], expiresAt })).id
})
afterAll(async () => {
  await store?.close()
  await rm(work, { recursive: true, force: true })
})

/** Hands a spec to the cloud; nobody there takes it. @returns the submission's id, and a run id a seed */
async function handedOver(spec: Spec): Promise<{ id: string; runIds: string[] }> {
  const values = { spec, specDigest: digestSpec(spec), totalMacs: 1, tokenId, submitter: 'ada' }
  const { id } = await createSubmission(store.db, values)
  await approveSubmission(store.db, launcher, { id, actor: 'grace' })
  return { id, runIds: (await trainingJobsOf(store.db, id)).map(({ runId }) => runId) }
}

const oneSeed = { seeds: [1] }
const statesOf = async (id: string) => (await trainingJobsOf(store.db, id)).map(({ state }) => state)
const jobOf = async (runId: string) => (await loadTrainingJob(store.db, runId)).job

describe('the trainer’s exit code', () => {
  const said: string[] = []
  beforeEach(() => {
    said.length = 0
    vi.spyOn(console, 'log').mockImplementation((line) => said.push(String(line)))
    vi.spyOn(process.stderr, 'write').mockImplementation((text) => said.push(String(text)) > 0)
    for (const name of ['POSTGRES_URL', 'MATE_BENCH_TRAINER_BACKEND', 'MATE_BENCH_DATA_CACHE']) {
      delete process.env[name]
    }
    Object.assign(process.env, {
      DATABASE_URL: store.url,
      MATE_BENCH_ARTIFACTS: join(work, 'artifacts'),
      MATE_BENCH_CHECKPOINTS: join(work, 'checkpoints'),
    })
  })
  afterEach(() => {
    vi.restoreAllMocks()
    process.env = { ...before }
  })

  const trainer = async (...args: string[]) => await main([...args, '--work', join(work, 'scratch')])

  it.each([
    ['no run', []],
    ['no id of a run', ['--run', 'run_1; rm -rf /']],
    ['no backend', ['--run', 'run_00000000000000000000', '--backend', 'abacus']],
    ['no number of steps', ['--run', 'run_00000000000000000000', '--checkpoint-every-steps', '0']],
  ])('is 64 for %s', async (_, args) => {
    expect(await trainer(...args)).toBe(64)
    expect(said.join('')).toContain('error: ')
  })

  it('is 0 for help', async () => {
    vi.spyOn(process.stdout, 'write').mockImplementation(() => true)
    expect(await main(['--help'])).toBe(0)
  })

  it('is 64 for a run that nobody knows', async () => {
    expect(await trainer('--run', 'run_00000000000000000000', '--backend', 'wasm')).toBe(64)
    expect(said.join('\n')).toContain('No training job has the run id run_00000000000000000000.')
  })

  it('is 64 for a spec that is refused, and the submission says why', async () => {
    const { id, runIds } = await handedOver(tinySpec(oneSeed))
    // As one of another version of the project.
    await store.db.execute(
      sql`update submissions set spec = jsonb_set(spec::jsonb, '{method,name}', '"alchemy"') where id = ${id}`,
    )
    expect(await trainer('--run', runIds[0] ?? '', '--backend', 'wasm')).toBe(64)
    expect((await getSubmission(store.db, id)).submission).toMatchObject({
      state: 'failed',
      failure: expect.stringContaining('method.name'),
    })
  })

  it('is 69 where there is no GPU, which is what it asks for; the submission says so', async () => {
    const { id, runIds } = await handedOver(tinySpec(oneSeed))
    expect(await trainer('--run', runIds[0] ?? '')).toBe(69)
    expect((await getSubmission(store.db, id)).submission).toMatchObject({
      state: 'failed',
      failure: expect.stringContaining('tensorflow-gpu'),
    })
  })

  it('is 0 for a run that was cancelled before it was submitted, or before its container began', async () => {
    const { id, runIds } = await handedOver(tinySpec({ seeds: [1, 2] }))
    const [first = '', second = ''] = runIds
    await observeTrainingJob(store.db, { runId: second, batchJobId: 'job-2', attempt: 1, status: 'STARTING' })
    await cancelSubmission(store.db, launcher, { id, actor: 'ada' })
    expect(await statesOf(id)).toEqual(['cancelled', 'submitted'])
    expect(await trainer('--run', first, '--backend', 'wasm')).toBe(0)
    expect(said.at(-1)).toContain('nothing is left to do')
    expect(await trainer('--run', second, '--backend', 'wasm')).toBe(0)
    expect(said.at(-1)).toMatch(/ cancelled$/)
    expect(await statesOf(id)).toEqual(['cancelled', 'cancelled'])
    expect((await getSubmission(store.db, id)).submission.state).toBe('cancelled')
  })
})

describe('a run that loses two machines', () => {
  const { training } = tinySpec()
  const spec = tinySpec({ ...oneSeed, name: 'machines', training: { ...training, epochs: 6 } })
  const compared = [
    'predictions.parquet',
    'validation-predictions.parquet',
    'model.safetensors',
    'metrics.jsonl',
    'spec.json',
  ]

  /** Everything published of a run that has to be the same. */
  async function published(runId: string): Promise<Map<string, Uint8Array>> {
    const files = new Map<string, Uint8Array>()
    for (const { file, sha256 } of (await findRun(store.db, runId))?.manifest.artifacts ?? []) {
      if (compared.includes(file)) files.set(file, await artifacts.get(parseSha256(sha256)))
    }
    return files
  }

  let machines = 0
  function attempt(runId: string, number: number, checkpoints: MemoryObjects, options = {}) {
    return trainRun({
      db: store.db,
      artifacts,
      runId,
      attempt: number,
      batchJobId: undefined,
      backend: 'wasm',
      // Another machine has nothing of the one before.
      work: join(work, `machine-${++machines}`),
      dataFolder: undefined,
      checkpoints,
      dataCache: undefined,
      checkpointEverySteps: undefined,
      stop: new AbortController().signal,
      kill: new AbortController().signal,
      say: () => {},
      ...options,
    })
  }

  it('publishes the same bytes as one that lost none', async () => {
    const [[whole = ''], [broken = '']] = [(await handedOver(spec)).runIds, (await handedOver(spec)).runIds]

    // The first machine is taken away as soon as a checkpoint is elsewhere.
    const checkpoints = new MemoryObjects()
    const stop = new AbortController()
    const pointer = `${broken}/checkpoint.json`
    checkpoints.during = (_, moment) => {
      if (moment === 'after' && checkpoints.puts.at(-1) === pointer) stop.abort()
    }
    const codes = await Promise.all([
      attempt(whole, 1, new MemoryObjects()),
      attempt(broken, 1, checkpoints, { stop: stop.signal, checkpointEverySteps: 2 }),
    ])
    expect(codes).toEqual([0, 75])
    expect(await jobOf(broken)).toMatchObject({ state: 'submitted', attempt: 1 })
    checkpoints.mend()

    // The second trains to the end, and can not publish.
    const put = () => Promise.reject(new BenchError({ code: 'storage', message: 'No bucket today.' }))
    expect(await attempt(broken, 2, checkpoints, { artifacts: { ...artifacts, put } })).toBe(75)
    expect(await findRun(store.db, broken)).toBeUndefined()

    const said: string[] = []
    expect(await attempt(broken, 3, checkpoints, { say: (line: string) => said.push(line) })).toBe(0)
    expect(said.join('\n')).toContain('goes on in epoch')
    expect((await findRun(store.db, broken))?.manifest.timing.resumptions).toBe(2)
    const expected = await published(whole)
    expect([...expected.keys()].sort()).toEqual([...compared].sort())
    const found = await published(broken)
    for (const file of compared) expect(found.get(file), file).toEqual(expected.get(file))

    // Nothing is left: no checkpoint, no folder of the machine that published.
    expect(checkpoints.objects.size).toBe(0)
    expect(await readdir(join(work, `machine-${machines}`))).toEqual([])
    expect(await jobOf(broken)).toMatchObject({ state: 'succeeded', attempt: 3 })
    // Delivered once more, it has nothing to do.
    expect(await attempt(broken, 4, checkpoints)).toBe(0)
  })
})
