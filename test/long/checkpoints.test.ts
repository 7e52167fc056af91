import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type RunEvent, readManifest, runFolderName, runSpec, verifyRun } from '@mate-bench/harness'
import { runFiles } from '@mate-bench/harness/run-files'
import { beforeAll, expect, it } from 'vitest'
import type { Checkpoint } from '../../packages/harness/src/checkpoint.ts'
import { encodeCheckpoint, readCheckpoint } from '../../packages/harness/src/checkpoint-file.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { tinySpec } from '../support/tiny-spec.ts'

const spec = tinySpec({
  method: { name: 'joint' },
  evaluation: { checkpoint: { name: 'best-validation' }, protocols: ['anytime'] },
})
const name = runFolderName(spec, 1)
const compared = ['predictions.parquet', 'model.safetensors', 'metrics.jsonl']

let expected: Buffer[]
/** An output folder with a run that stopped after two of three epochs. */
let stopped: string

interface Taken {
  readonly events: RunEvent[]
  readonly error: unknown
}

async function run(out: string, change: Partial<Parameters<typeof runSpec>[0]> = {}): Promise<Taken> {
  const events: RunEvent[] = []
  const stop = new AbortController()
  let error: unknown
  await runSpec({
    spec,
    seed: 1,
    out,
    backend: 'wasm',
    resume: true,
    ...change,
    onEvent(event) {
      events.push(event)
      change.onEvent?.(event)
    },
    signal: change.signal ?? stop.signal,
  }).catch((thrown: unknown) => {
    error = thrown
  })
  return { events, error }
}

beforeAll(async () => {
  const whole = temporaryFolder()
  expect((await run(whole)).error).toBeUndefined()
  expected = compared.map((file) => readFileSync(join(whole, name, file)))
  stopped = temporaryFolder()
  const stop = new AbortController()
  const onEvent = (event: RunEvent) => {
    if (event.type === 'checkpoint' && event.epoch === 2) stop.abort()
  }
  const { error } = await run(stopped, { onEvent, signal: stop.signal })
  expect(error).toMatchObject({ code: 'interrupted' })
})

/** A copy of the run that stopped, with something done to it. */
function copyWith(change: (partial: string) => void): string {
  const out = temporaryFolder()
  cpSync(stopped, out, { recursive: true })
  change(join(out, `${name}.partial`))
  return out
}

function rewrite(partial: string, file: string, change: (checkpoint: Checkpoint) => Checkpoint): void {
  const path = join(partial, file)
  writeFileSync(path, encodeCheckpoint(change(readCheckpoint(path))))
}

function flipBit(partial: string, file: string): void {
  const bytes = readFileSync(join(partial, file))
  const last = bytes.length - 3
  bytes[last] = (bytes[last] ?? 0) ^ 4
  writeFileSync(join(partial, file), bytes)
}

function resumedAt({ events }: Taken) {
  const started = events.find((event) => event.type === 'started')
  return started?.resumedAt
}

const warningsOf = ({ events }: Taken) =>
  events.flatMap((event) => (event.type === 'warning' ? [event.message] : []))

function expectSameBytes(out: string): void {
  compared.forEach((file, i) => {
    expect(readFileSync(join(out, name, file)).equals(expected[i] ?? Buffer.of()), file).toBe(true)
  })
}

const damages: Record<string, (partial: string, file: string) => void> = {
  'has one bit flipped': flipBit,
  'is empty': (partial, file) => writeFileSync(join(partial, file), ''),
  'stands at epoch 99 of 3': (partial, file) =>
    rewrite(partial, file, ({ state, tensors }) => ({ state: { ...state, epoch: 99 }, tensors })),
  'lacks a row of metrics': (partial, file) =>
    rewrite(partial, file, ({ state, tensors }) => ({ state: { ...state, metrics: [] }, tensors })),
  'lacks a tensor': (partial, file) =>
    rewrite(partial, file, ({ state, tensors }) => ({ state, tensors: new Map([...tensors].slice(1)) })),
}

it.each(['has one bit flipped', 'stands at epoch 99 of 3'])(
  'passes over a checkpoint that %s for the one before, with a word, and comes to the same bytes',
  async (damage) => {
    const out = copyWith((partial) => damages[damage]?.(partial, runFiles.checkpoint))
    const taken = await run(out)
    expect(taken.error).toBeUndefined()
    expect(warningsOf(taken)).toEqual([
      expect.stringMatching(/latest\.safetensors.*the checkpoint before it/),
    ])
    expect(resumedAt(taken)).toEqual({ epoch: 1, step: 0 })
    expectSameBytes(out)
  },
)

it.each(Object.entries(damages))(
  'refuses by name a checkpoint that %s where there is no other, and trains nothing over it',
  async (_, damage) => {
    const out = copyWith((partial) => {
      damage(partial, runFiles.checkpoint)
      damage(partial, runFiles.previousCheckpoint)
    })
    const partial = join(out, `${name}.partial`)
    const before = readFileSync(join(partial, runFiles.checkpoint))
    const taken = await run(out)
    expect(taken.error).toMatchObject({
      code: 'bad-input',
      path: join(partial, runFiles.checkpoint),
      message: expect.stringMatching(/latest\.safetensors.*previous\.safetensors/),
      hint: expect.stringContaining(partial),
    })
    expect(resumedAt(taken)).toBeUndefined()
    expect(readFileSync(join(partial, runFiles.checkpoint)).equals(before)).toBe(true)
  },
)

it('writes metrics.jsonl again where a power cut took its end, or left half a line', async () => {
  for (const cut of [
    (text: string) => text.slice(0, text.indexOf('\n') + 1),
    (text: string) => text.slice(0, -9),
  ]) {
    const out = copyWith((partial) => {
      const path = join(partial, runFiles.metrics)
      writeFileSync(path, cut(readFileSync(path, 'utf8')))
    })
    expect((await run(out)).error).toBeUndefined()
    expectSameBytes(out)
  }
})

it('goes on from the last step of an epoch whose end was not reached', async () => {
  const out = temporaryFolder()
  const { error } = await run(out, {
    checkpointEverySteps: 5,
    onEvent(event) {
      if (event.type === 'checkpoint' && event.epoch === 1 && event.step === 5) throw new Error('killed')
    },
  })
  expect(error).toMatchObject({ message: 'killed' })
  const taken = await run(out)
  expect(taken.error).toBeUndefined()
  expect(warningsOf(taken)).toEqual([])
  expect(resumedAt(taken)).toEqual({ epoch: 1, step: 5 })
  expectSameBytes(out)
})

it('is gone on with by the same backend, Node and code alone', async () => {
  const other = await run(
    copyWith(() => {}),
    { backend: 'cpu' },
  )
  expect(other.error).toMatchObject({
    code: 'conflict',
    message: expect.stringContaining('backend.name "wasm" -> "cpu"'),
    hint: expect.stringContaining('--allow-different-environment'),
  })

  const out = copyWith((partial) => {
    rewrite(partial, runFiles.checkpoint, ({ state, tensors }) => ({
      state: { ...state, environment: { ...state.environment, node: '"v18.0.0"', 'code.commit': '"abc"' } },
      tensors,
    }))
  })
  const difference = /code\.commit "abc" -> .*node "v18\.0\.0" -> "v/
  expect((await run(out)).error).toMatchObject({
    code: 'conflict',
    message: expect.stringMatching(difference),
  })
  const allowed = await run(out, { allowDifferentEnvironment: true })
  expect(allowed.error).toBeUndefined()
  expect(warningsOf(allowed)).toEqual([expect.stringMatching(difference)])
  const { manifest } = readManifest(join(out, name))
  expect(manifest.timing.environmentChanges).toEqual([
    {
      epoch: 2,
      step: 0,
      differences: [
        { name: 'code.commit', before: '"abc"', after: JSON.stringify(manifest.code.commit) },
        { name: 'node', before: '"v18.0.0"', after: JSON.stringify(process.version) },
      ],
    },
  ])
  expect(manifest.deterministic).toBe(false)
  expect((await verifyRun(join(out, name))).checks.filter(({ ok }) => !ok)).toEqual([])
})

it('goes on from its checkpoint where it was complete but for its name, and was changed since', async () => {
  // As a run leaves it that is killed right after its manifest.
  const out = copyWith(() => {})
  const partial = join(out, `${name}.partial`)
  const kept = join(temporaryFolder(), 'checkpoint')
  cpSync(join(partial, 'checkpoint'), kept, { recursive: true })
  await run(out)
  cpSync(join(out, name), partial, { recursive: true })
  rmSync(join(out, name), { recursive: true })
  flipBit(partial, 'model.safetensors')
  const refused = await run(out)
  expect(refused.error).toMatchObject({
    code: 'verification-failed',
    message: expect.stringContaining('model.safetensors has another digest'),
  })
  cpSync(kept, join(partial, 'checkpoint'), { recursive: true })
  const taken = await run(out)
  expect(taken.error).toBeUndefined()
  expect(warningsOf(taken)).toEqual([expect.stringContaining('model.safetensors has another digest')])
  expectSameBytes(out)
})

it('says that its folder was removed while it trained', async () => {
  const out = join(temporaryFolder(), 'runs')
  const { error } = await run(out, {
    onEvent: ({ type }) => {
      if (type === 'checkpoint') rmSync(out, { recursive: true })
    },
  })
  expect(error).toMatchObject({
    code: 'storage',
    message: `The folder of the run was removed while it trained: ${join(out, name)}.partial`,
  })
})
