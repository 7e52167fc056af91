import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  decodePredictions,
  type Job,
  type RunEvent,
  readManifest,
  runFolderName,
  runPool,
  runSpec,
  verifyRun,
} from '@mate-bench/harness'
import { evaluatePredictions } from '@mate-bench/stats'
import { expect, it } from 'vitest'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { tinySpec } from '../support/tiny-spec.ts'

it('gives the same bytes for the same spec, seed and backend, and others for another seed', async () => {
  const spec = tinySpec({ training: { ...tinySpec().training, epochs: 1, schedule: { name: 'cosine' } } })
  const read = async (seed: number) => {
    const { folder } = await runSpec({ spec, seed, out: temporaryFolder(), backend: 'wasm' })
    return ['predictions.parquet', 'model.safetensors', 'metrics.jsonl'].map((file) =>
      readFileSync(join(folder, file)),
    )
  }
  const [first, again, other] = [await read(1), await read(1), await read(2)]
  first.forEach((bytes, i) => {
    expect(again[i]?.equals(bytes)).toBe(true)
    expect(other[i]?.equals(bytes)).toBe(false)
  })
})

it('keeps the tensor count flat over steps and epochs', async () => {
  for (const method of ['mate', 'byot', 'phuong-lampert']) {
    const tensors: number[] = []
    const onEvent = (event: RunEvent) => {
      if (event.type === 'step') tensors.push(event.tensors)
    }
    await runSpec({
      spec: tinySpec({ method: { name: method } }),
      seed: 1,
      out: temporaryFolder(),
      backend: 'wasm',
      onEvent,
    })
    expect(tensors).toHaveLength(15)
    expect(new Set(tensors.slice(1)).size, `${method}: ${tensors.join(' ')}`).toBe(1)
  }
})

it('writes a manifest whose numbers come from the prediction files alone', async () => {
  const spec = tinySpec()
  const { folder } = await runSpec({ spec, seed: 1, out: temporaryFolder(), backend: 'wasm' })
  const { manifest } = readManifest(folder)
  const { indices, table } = await decodePredictions(
    readFileSync(join(folder, 'predictions.parquet')),
    'test',
  )
  expect(indices).toHaveLength(1000)
  const { exits, ensemble } = evaluatePredictions(table)
  exits.forEach(({ top1, nll }, i) => {
    expect(manifest.results.exits[i]).toMatchObject({ top1, nll })
  })
  expect(manifest.results.ensemble.top1).toBe(ensemble.top1)
  expect(manifest.results.budgeted.length).toBeGreaterThan(0)
  expect(manifest.results.attention?.map((row) => row.reduce((sum, w) => sum + w, 0))).toEqual([
    expect.closeTo(1, 5),
    expect.closeTo(1, 5),
    expect.closeTo(1, 5),
  ])
  expect(manifest.environment.backend.name).toBe('wasm')
  const epochs = readFileSync(join(folder, 'metrics.jsonl'), 'utf8').trim().split('\n')
  expect(epochs.map((line) => JSON.parse(line).epoch)).toEqual([1, 2, 3])
})

it('runs jobs in processes of their own: one that fails stops no other, and a complete one is left alone', async () => {
  const out = temporaryFolder()
  const spec = tinySpec()
  const diverging = tinySpec({
    name: 'diverging',
    method: { name: 'joint' },
    // Weights grow a thousandfold a step, and have to overflow within the first epoch.
    training: {
      ...spec.training,
      batchSize: 4,
      optimizer: { name: 'sgd', learningRate: 1000, weightDecay: 1 },
    },
  })
  const job = (label: string, jobSpec: typeof spec, seed: number): Job => ({
    label,
    spec: jobSpec,
    seed,
    out,
    backend: 'wasm',
  })
  const jobs = [job('a', diverging, 1), job('b', spec, 1), job('c', spec, 2)]
  const results = await runPool(jobs, { workers: 2 })
  expect(results.map(({ error }) => error?.code)).toEqual(['non-finite', undefined, undefined])
  expect(results[0]?.error?.message).toMatch(/became (NaN|Infinity|-Infinity) at step \d+ \(epoch \d+\)/)
  expect(existsSync(join(out, runFolderName(diverging, 1)))).toBe(false)
  for (const { folder } of results.slice(1)) {
    expect((await verifyRun(folder ?? '')).checks.filter(({ ok }) => !ok)).toEqual([])
  }
  const [again] = await runPool([job('b', spec, 1)], { workers: 1 })
  expect(again).toMatchObject({ alreadyComplete: true, error: undefined })
})

it('refuses an output folder that cannot be written, before training', async () => {
  const out = join(temporaryFolder(), 'a-file')
  writeFileSync(out, '')
  let stepped = false
  const onEvent = (event: RunEvent) => {
    stepped ||= event.type === 'step'
  }
  await expect(runSpec({ spec: tinySpec(), seed: 1, out, backend: 'wasm', onEvent })).rejects.toMatchObject({
    code: 'storage',
  })
  if (process.getuid?.() !== 0) {
    const closed = temporaryFolder()
    chmodSync(closed, 0o500)
    await expect(
      runSpec({ spec: tinySpec(), seed: 1, out: closed, backend: 'wasm', onEvent }),
    ).rejects.toMatchObject({
      code: 'storage',
    })
  }
  expect(stepped).toBe(false)
})

it('keeps the older checkpoint when a later one cannot be written', async () => {
  const out = temporaryFolder()
  const spec = tinySpec()
  const partial = join(out, `${runFolderName(spec, 1)}.partial`)
  const onEvent = (event: RunEvent) => {
    // A folder in the way of the temporary file fails the write as a full disk does: after the first checkpoint.
    if (event.type === 'epoch' && event.epoch === 2)
      mkdirSync(join(partial, `checkpoint/latest.safetensors.${process.pid}.tmp`))
  }
  await expect(runSpec({ spec, seed: 1, out, backend: 'wasm', onEvent })).rejects.toMatchObject({
    code: 'storage',
  })
  expect(readdirSync(join(partial, 'checkpoint'))).toContain('latest.safetensors')
  const events: RunEvent[] = []
  await runSpec({
    spec,
    seed: 1,
    out,
    backend: 'wasm',
    resume: true,
    onEvent: (event) => events.push(event),
  })
  expect(events[0]).toMatchObject({ type: 'started', resumedAt: { epoch: 1, step: 0 } })
})

it('hears within a step that it is to stop, though its batches are always ready', async () => {
  const stop = new AbortController()
  let steps = 0
  const running = runSpec({
    spec: tinySpec({ training: { ...tinySpec().training, batchSize: 1 } }),
    seed: 1,
    out: temporaryFolder(),
    backend: 'wasm',
    signal: stop.signal,
    onEvent({ type }) {
      if (type !== 'step') return
      // A slow step: the thread that prepares batches is ahead. A timer is heard when signals are.
      for (const end = performance.now() + 20; performance.now() < end; );
      if (++steps === 5) setTimeout(() => stop.abort(), 0)
    },
  })
  await expect(running).rejects.toMatchObject({ code: 'interrupted' })
  expect(steps).toBeLessThan(8)
})
