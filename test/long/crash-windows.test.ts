import { fork } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Job, type RunEvent, runFolderName, runSpec, verifyRun, workerModule } from '@mate-bench/harness'
import { beforeAll, expect, it } from 'vitest'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { tinySpec } from '../support/tiny-spec.ts'

const hook = new URL('../support/stop-points.js', import.meta.url).href

const { training } = tinySpec()
const spec = tinySpec({
  training: { ...training, epochs: 2, schedule: { name: 'cosine' } },
  evaluation: { checkpoint: { name: 'best-validation' }, protocols: ['anytime'] },
})
const name = runFolderName(spec, 1)
const save = `rename ${name}.partial/checkpoint/latest.safetensors`
const manifest = `rename ${name}.partial/manifest.json`
const compared = [
  'predictions.parquet',
  'validation-predictions.parquet',
  'model.safetensors',
  'metrics.jsonl',
]

interface Traced {
  /** Each rename, unlink and rmdir of the run, in their order. */
  readonly operations: string[]
  /** A copy of the output folder as it was before the n-th, 0-based. */
  readonly before: (n: number) => string
}

/** A run in a process of its own, from what is in `out`; `kill` is the operation before which it is killed. */
async function trace(out: string, kill?: number): Promise<Traced> {
  const work = temporaryFolder()
  const [copies, log] = [join(work, 'copies'), join(work, 'operations')]
  mkdirSync(out, { recursive: true })
  const hooks = kill === undefined ? { STOP_POINTS_COPIES: copies } : { STOP_POINTS_KILL: String(kill + 1) }
  const child = fork(workerModule, {
    execArgv: ['--import', hook],
    env: { ...process.env, STOP_POINTS_FOLDER: out, STOP_POINTS_LOG: log, ...hooks },
  })
  const job: Job = { label: 'tiny', spec, seed: 1, out, backend: 'wasm', resume: true }
  child.send(job)
  const [code, signal] = await once(child, 'close')
  expect({ code, signal }).toEqual(
    kill === undefined ? { code: 0, signal: null } : { code: null, signal: 'SIGKILL' },
  )
  return {
    operations: readFileSync(log, 'utf8').trim().split('\n'),
    before(n) {
      const copy = join(temporaryFolder(), 'runs')
      cpSync(join(copies, String(n + 1)), copy, { recursive: true })
      return copy
    },
  }
}

/** Takes up what is in a folder, and tells in which epoch; undefined where nothing was trained any more. */
async function takeUp(out: string): Promise<number | undefined> {
  const events: RunEvent[] = []
  const onEvent = (event: RunEvent) => events.push(event)
  await runSpec({ spec, seed: 1, out, backend: 'wasm', resume: true, onEvent })
  expect(events.filter(({ type }) => type === 'warning')).toEqual([])
  const started = events.find((event) => event.type === 'started')
  return started && (started.resumedAt?.epoch ?? 0)
}

let expected: Map<string, Buffer>
let whole: string
let fresh: Traced
beforeAll(async () => {
  whole = temporaryFolder()
  fresh = await trace(whole)
  expected = new Map(compared.map((file) => [file, readFileSync(join(whole, name, file))]))
}, 120_000)

async function expectWhole(out: string, where: string): Promise<void> {
  expect(readdirSync(out), where).toEqual([name])
  for (const [file, bytes] of expected) {
    expect(readFileSync(join(out, name, file)).equals(bytes), `${file}, ${where}`).toBe(true)
  }
  // The other files, and that there is none but those of the manifest.
  expect(
    (await verifyRun(join(out, name))).checks.filter(({ ok }) => !ok),
    where,
  ).toEqual([])
}

it('loses at most one interval, leaves no stray file and comes to its end, wherever a run is killed', async () => {
  const { operations, before } = fresh
  expect(operations).toEqual(
    expect.arrayContaining([
      `rename ${name}.partial/checkpoint/previous.safetensors`,
      save,
      `rename ${name}.partial/model.safetensors`,
      manifest,
      `unlink ${name}.partial/checkpoint/latest.safetensors`,
      `rmdir ${name}.partial/checkpoint`,
      `rename ${name}`,
      `unlink ${name}.partial.lock`,
    ]),
  )
  await expectWhole(whole, 'never killed')
  for (const [n, operation] of operations.entries()) {
    const done = operations.slice(0, n)
    const where = `killed before: ${operation}`
    const out = before(n)
    const epoch = await takeUp(out)
    // A checkpoint an epoch: nothing that was saved is lost, and nothing is trained again once the manifest is there.
    if (done.includes(manifest)) expect(epoch, where).toBeUndefined()
    else expect(epoch, where).toBe(done.filter((each) => each === save).length)
    await expectWhole(out, where)
  }
}, 300_000)

it('is the same for a run that goes on from a killed one', async () => {
  // Between the two renames of a save: the latest checkpoint is missing, the next one has a temporary name.
  const out = fresh.before(fresh.operations.lastIndexOf(save))
  expect(existsSync(join(out, `${name}.partial/checkpoint/latest.safetensors`))).toBe(false)
  const { operations, before } = await trace(out)
  expect(operations).toEqual(
    expect.arrayContaining([
      save,
      expect.stringMatching(/^unlink .*\/latest\.safetensors\.\d+\.tmp$/),
      `unlink ${name}.partial.lock.PID.stale`,
    ]),
  )
  await expectWhole(out, 'never killed again')
  for (const [n, operation] of operations.entries()) {
    const where = `killed before: ${operation}`
    const taken = before(n)
    const epoch = await takeUp(taken)
    if (operations.slice(0, n).includes(manifest)) expect(epoch, where).toBeUndefined()
    else expect(epoch, where).toBeGreaterThanOrEqual(1)
    await expectWhole(taken, where)
  }
}, 300_000)

it.each([save, `unlink ${name}.partial/checkpoint/latest.safetensors`, `rename ${name}`])(
  'is the same for a process that really is killed before: %s',
  async (operation) => {
    const out = join(temporaryFolder(), 'runs')
    const { operations } = await trace(out, fresh.operations.lastIndexOf(operation))
    expect(operations.at(-1)).toBe(operation)
    await takeUp(out)
    await expectWhole(out, `killed before: ${operation}`)
  },
  120_000,
)
