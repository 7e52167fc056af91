import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { BenchError } from '@mate-bench/schema'
import { type ArtifactStore, findRun, loadTrainingJob, openArtifacts, parseSha256 } from '@mate-bench/store'
import { openTestStore, type TestStore } from '@mate-bench/store/testing'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { handOver, isSubmittedAs } from '../../functions/trainer/src/testing/hand-over.ts'
import { MemoryObjects } from '../../functions/trainer/src/testing/memory-objects.ts'
import { trainRun } from '../../functions/trainer/src/train-run.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { tinySpec } from '../support/tiny-spec.ts'

// Processes that train: slow where a machine has much else to do.
vi.setConfig({ testTimeout: 300_000 })

let store: TestStore
let work: string
let artifacts: ArtifactStore
beforeAll(async () => {
  work = temporaryFolder()
  store = await openTestStore()
  artifacts = await openArtifacts(join(work, 'artifacts'))
})
afterAll(async () => {
  await store?.close()
})

describe('a run that loses two machines', () => {
  const { training } = tinySpec()
  const spec = tinySpec({ seeds: [1], name: 'machines', training: { ...training, epochs: 6 } })
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

  const jobOf = async (runId: string) => (await loadTrainingJob(store.db, runId)).job

  /** What the trainers said. */
  const words: string[] = []
  let machines = 0
  function attempt(runId: string, number: number, checkpoints: MemoryObjects, options = {}) {
    return trainRun({
      db: store.db,
      artifacts,
      runId,
      job: { batchJobId: `job-of-${runId}`, attempt: number },
      backend: 'wasm',
      // Another machine has nothing of the one before.
      work: join(work, `machine-${++machines}`),
      dataFolder: undefined,
      checkpoints,
      dataCache: undefined,
      checkpointEverySteps: undefined,
      stop: new AbortController().signal,
      kill: new AbortController().signal,
      say: (line: string) => words.push(line),
      ...options,
    })
  }

  it('publishes the same bytes as one that lost none', async () => {
    const [[whole = ''], [broken = '']] = [
      (await handOver(store.db, spec)).runIds,
      (await handOver(store.db, spec)).runIds,
    ]

    for (const runId of [whole, broken]) await isSubmittedAs(store.db, runId, `job-of-${runId}`)

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
    expect(codes, words.join('\n')).toEqual([0, 75])
    expect(await jobOf(broken)).toMatchObject({ state: 'submitted', attempt: 1 })
    checkpoints.mend()

    // The second trains to the end, and cannot publish.
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
