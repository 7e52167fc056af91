import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { cancelSubmission, getSubmission, trainingJobsOf } from '@mate-bench/store'
import { openTestStore, type TestStore } from '@mate-bench/store/testing'
import { sql } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { tinySpec } from '../../../test/support/tiny-spec.ts'
import { main } from './main.ts'
import { handOver, isSubmittedAs, silentLauncher } from './testing/hand-over.ts'

let store: TestStore
let work: string
const before = { ...process.env }
beforeAll(async () => {
  work = await mkdtemp(join(tmpdir(), 'mate-bench-trainer-main-'))
  store = await openTestStore()
})
afterAll(async () => {
  await store?.close()
  await rm(work, { recursive: true, force: true })
})

const oneSeed = { seeds: [1] }
const statesOf = async (id: string) => (await trainingJobsOf(store.db, id)).map(({ state }) => state)

describe('the trainer’s exit code', () => {
  const said: string[] = []
  beforeEach(() => {
    said.length = 0
    vi.spyOn(console, 'log').mockImplementation((line) => said.push(String(line)))
    vi.spyOn(process.stderr, 'write').mockImplementation((text) => said.push(String(text)) > 0)
    for (const name of [
      'AWS_BATCH_JOB_ID',
      'POSTGRES_URL',
      'MATE_BENCH_TRAINER_BACKEND',
      'MATE_BENCH_DATA_CACHE',
    ]) {
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

  it('is 75 where the attempt may take no longer: the next goes on', async () => {
    const { training } = tinySpec()
    const { id, runIds } = await handOver(
      store.db,
      tinySpec({ ...oneSeed, training: { ...training, epochs: 400 } }),
    )
    await isSubmittedAs(store.db, runIds[0] ?? '', 'job-1')
    Object.assign(process.env, { MATE_BENCH_ATTEMPT_SECONDS: '303', AWS_BATCH_JOB_ID: 'job-1' })
    expect(await trainer('--run', runIds[0] ?? '', '--backend', 'wasm')).toBe(75)
    expect(said.join('\n')).toContain('this attempt may take no longer')
    expect(await statesOf(id)).toEqual(['submitted'])
  })

  it('is 64 for a spec that is refused, and the submission says why', async () => {
    const { id, runIds } = await handOver(store.db, tinySpec(oneSeed))
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
    const { id, runIds } = await handOver(store.db, tinySpec(oneSeed))
    expect(await trainer('--run', runIds[0] ?? '')).toBe(69)
    expect((await getSubmission(store.db, id)).submission).toMatchObject({
      state: 'failed',
      failure: expect.stringContaining('tensorflow-gpu'),
    })
  })

  it('is 0 for a run that was cancelled before it was submitted, or before its container began', async () => {
    const { id, runIds } = await handOver(store.db, tinySpec({ seeds: [1, 2] }))
    const [first = '', second = ''] = runIds
    await isSubmittedAs(store.db, second, 'job-2')
    await cancelSubmission(store.db, silentLauncher, { id, actor: 'ada' })
    expect(await statesOf(id)).toEqual(['cancelled', 'submitted'])
    expect(await trainer('--run', first, '--backend', 'wasm')).toBe(0)
    expect(said.at(-1)).toContain('nothing is left to do')
    process.env.AWS_BATCH_JOB_ID = 'job-2'
    expect(await trainer('--run', second, '--backend', 'wasm')).toBe(0)
    expect(said.at(-1)).toMatch(/ cancelled$/)
    expect(await statesOf(id)).toEqual(['cancelled', 'cancelled'])
    expect((await getSubmission(store.db, id)).submission.state).toBe('cancelled')
  })
})
