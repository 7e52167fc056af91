import { execFile, fork } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { backendIdentity } from '@mate-bench/backends'
import { type Job, parseSpec, runSpec, type Spec } from '@mate-bench/harness'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { temporaryFolder } from '../support/temporary-folder.ts'

const isHere = backendIdentity('webgpu') !== undefined
/** A machine that does other things as well takes its time. */
const limitMilliseconds = 600_000
const required = (process.env.MATE_BENCH_REQUIRE_BACKENDS ?? '').split(',').includes('webgpu')

/** As little as trains at all: a GPU of software takes a thousand times as long as one of silicon. */
function smallSpec(training: { readonly epochs: number; readonly batchSize: number }): Spec {
  return parseSpec({
    schemaVersion: 1,
    name: 'small',
    dataset: {
      name: 'fashion-mnist-mini',
      subset: { perClass: 5, seed: 0 },
      validation: { size: 10, seed: 0 },
    },
    model: {
      backbone: { name: 'resnet', depth: 8, width: 2 },
      exits: [{ after: 'stage1' }],
      head: { name: 'linear' },
    },
    method: { name: 'joint' },
    training: { ...training, optimizer: { name: 'sgd', learningRate: 0.05 }, schedule: { name: 'constant' } },
    evaluation: { checkpoint: { name: 'last' }, protocols: ['anytime'] },
    seeds: [1],
  })
}

const child = (name: string) => fileURLToPath(new URL(name, import.meta.url))

/** Runs a job in a process of its own, whose device is destroyed after `steps` steps. */
function trainAndLoseDevice(job: Job, steps: number): Promise<Record<string, unknown>> {
  return new Promise((resolve, reject) => {
    const process = fork(child('lose-device.ts'), { execArgv: ['--import', 'tsx'] })
    process.once('message', (outcome) => resolve(outcome as Record<string, unknown>))
    process.once('close', (code) => reject(new Error(`it ended with ${code} and said nothing`)))
    process.send({ job, steps })
  })
}

it.skipIf(!required)('webgpu is installed', () => expect(isHere).toBe(true))

describe.skipIf(!isHere)('webgpu', { timeout: limitMilliseconds }, () => {
  it.each([
    ['w16', 150],
    ['tiny-resnet18', 300],
  ])('takes a training step of %s in at most %i dispatches', async (network, most) => {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--import', 'tsx', child('count-dispatches.ts'), network],
      // Dawn's own device that computes nothing: the count does not depend on what is computed.
      { env: { ...process.env, MATE_BENCH_DAWN: 'backend=null' } },
    )
    expect(Number(stdout)).toBeGreaterThan(50)
    expect(Number(stdout)).toBeLessThanOrEqual(most)
  })

  describe('a run', () => {
    const short = smallSpec({ epochs: 2, batchSize: 8 })
    const job = { label: 'small', spec: short, seed: 1, backend: 'webgpu' } as const
    let expected: string
    const files = [
      'predictions.parquet',
      'validation-predictions.parquet',
      'model.safetensors',
      'metrics.jsonl',
    ]
    beforeAll(async () => {
      const { folder } = await runSpec({ ...job, out: temporaryFolder() })
      expected = folder
    }, limitMilliseconds)

    it('says in its manifest which adapter computed, and is deterministic since that gave the same bytes twice', () => {
      const { environment, deterministic } = JSON.parse(readFileSync(join(expected, 'manifest.json'), 'utf8'))
      const { adapter } = environment.backend
      expect(Object.keys(adapter).sort()).toEqual([
        'architecture',
        'device',
        'driver',
        'sameBytesTwice',
        'software',
        'vendor',
      ])
      expect(environment.gpu).toContain(adapter.device)
      expect(deterministic).toBe(adapter.sameBytesTwice)
      if (adapter.software) expect(deterministic).toBe(true)
    })

    it('whose device is lost says so, keeps its checkpoint, and goes on to the bytes of one that was left alone', async () => {
      const out = temporaryFolder()
      const whole: Job = { ...job, out, checkpointEverySteps: 2 }
      expect(await trainAndLoseDevice(whole, 7)).toEqual({
        finished: false,
        code: 'backend-unavailable',
        message: expect.stringContaining('The GPU was lost'),
        hint: expect.stringContaining('--resume'),
      })
      const { folder } = await runSpec({ ...whole, resume: true })
      for (const file of files) {
        const [found, left] = [folder, expected].map((at) => readFileSync(join(at, file)))
        expect(found?.equals(left ?? Buffer.alloc(0)), file).toBe(true)
      }
      const { timing } = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'))
      expect(timing.resumptions).toBe(1)
    })

    it('learns over 200 steps, and holds no more at the end than after the first epoch', async () => {
      const tensors: number[] = []
      const bytes: number[] = []
      const { folder } = await runSpec({
        ...job,
        spec: smallSpec({ epochs: 10, batchSize: 2 }),
        out: temporaryFolder(),
        onEvent(event) {
          if (event.type !== 'epoch') return
          tensors.push(tf.memory().numTensors)
          bytes.push(Number(Reflect.get(tf.memory(), 'numBytesAllocatedInGPU')))
        },
      })
      const { training } = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'))
      expect(training.steps).toBe(200)
      const epochs = readFileSync(join(folder, 'metrics.jsonl'), 'utf8').trim().split('\n')
      const losses = epochs.map((line) => Number(JSON.parse(line).loss))
      expect(losses.at(-1)).toBeLessThan(0.9 * (losses[0] ?? 0))
      expect(new Set(tensors.slice(1)).size).toBe(1)
      expect(bytes.at(-1)).toBe(bytes[1])
    })
  })
})
