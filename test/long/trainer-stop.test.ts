import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runFiles } from '@mate-bench/harness/run-files'
import { submissionProgressSchema } from '@mate-bench/schema'
import { loadTrainingJob } from '@mate-bench/store'
import { openTestStore, type TestStore } from '@mate-bench/store/testing'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { openObjectStore } from '../../functions/trainer/src/object-store.ts'
import { RemoteCheckpoint } from '../../functions/trainer/src/remote-checkpoint.ts'
import { handOver, isSubmittedAs } from '../../functions/trainer/src/testing/hand-over.ts'
import { readCheckpoint } from '../../packages/harness/src/checkpoint-file.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { tinySpec } from '../support/tiny-spec.ts'

let store: TestStore
let work: string
beforeAll(async () => {
  work = temporaryFolder()
  store = await openTestStore()
})
afterAll(async () => {
  await store?.close()
})

it('the trainer saves in the middle of an epoch when its machine is taken away, and asks to be tried again', async () => {
  // Epochs of some 1500 steps: what is saved between two of them is saved for the signal.
  const spec = tinySpec({
    seeds: [1],
    dataset: {
      name: 'fashion-mnist-mini',
      subset: { perClass: 300, seed: 0 },
      validation: { size: 20, seed: 0 },
    },
    training: { ...tinySpec().training, epochs: 50, batchSize: 2 },
  })
  const [runId = ''] = (await handOver(store.db, spec)).runIds
  await isSubmittedAs(store.db, runId, 'job-1')
  const checkpoints = join(work, 'checkpoints')
  const trainer = fileURLToPath(new URL('../../functions/trainer/bin/trainer.js', import.meta.url))
  const { POSTGRES_URL: _, MATE_BENCH_CHECKPOINT_EVERY_STEPS: __, ...environment } = process.env
  const child = spawn(process.execPath, [trainer, '--run', runId, '--backend', 'wasm'], {
    env: {
      ...environment,
      DATABASE_URL: store.url,
      AWS_BATCH_JOB_ID: 'job-1',
      AWS_BATCH_JOB_ATTEMPT: '1',
      MATE_BENCH_ARTIFACTS: join(work, 'artifacts'),
      MATE_BENCH_CHECKPOINTS: checkpoints,
      MATE_BENCH_TRAINER_WORK: join(work, 'scratch'),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'close')
  let said = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  let before = { epoch: 0, pointer: '' }
  const pointer = async () => await readFile(join(checkpoints, runId, 'checkpoint.json'), 'utf8')
  const place = async () => {
    const { job } = await loadTrainingJob(store.db, runId)
    return submissionProgressSchema.safeParse(job.progress).data?.runs[0]
  }
  try {
    // Well into an epoch that is not the first.
    before = await vi.waitFor(
      async () => {
        expect(child.exitCode, said).toBe(null)
        const run = await place()
        expect(run?.epoch).toBeGreaterThanOrEqual(1)
        expect(run?.step).toBeGreaterThan(20)
        return { epoch: run?.epoch ?? 0, pointer: await pointer() }
      },
      { timeout: 300_000, interval: 100 },
    )
    child.kill('SIGTERM')
    expect(await ended, said).toEqual([75, null])
    expect(await pointer(), said).not.toBe(before.pointer)
  } finally {
    child.kill('SIGKILL')
    await ended
  }
  const folder = join(work, 'restored')
  const kept = await new RemoteCheckpoint(openObjectStore(checkpoints), runId).restore(folder)
  expect(kept).toBe('restored')
  const { state } = readCheckpoint(join(folder, runFiles.checkpoint))
  expect(state.epoch).toBeGreaterThanOrEqual(before.epoch)
  expect(state.step, 'steps of the epoch that was broken off').toBeGreaterThan(0)
  expect((await loadTrainingJob(store.db, runId)).job).toMatchObject({ state: 'submitted', attempt: 1 })
}, 400_000)
