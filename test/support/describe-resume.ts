import { fork } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { BackendName } from '@mate-bench/backends'
import { type Job, runFolderName, runSpec, workerModule } from '@mate-bench/harness'
import { createRandom } from '@mate-bench/stats'
import { beforeAll, describe, expect, it } from 'vitest'
import { temporaryFolder } from './temporary-folder.ts'
import { tinySpec } from './tiny-spec.ts'

const spec = tinySpec({ evaluation: { checkpoint: { name: 'best-validation' }, protocols: ['anytime'] } })
const compared = [
  'predictions.parquet',
  'validation-predictions.parquet',
  'model.safetensors',
  'metrics.jsonl',
  'spec.json',
]
const totalSteps = 3 * 5

/** A signal crosses two processes: on a busy machine a short run may be done before it arrives. Then: once more. */
async function interruptedBy(signal: NodeJS.Signals, steps: number, job: Omit<Job, 'out'>) {
  for (let attempt = 1; ; attempt++) {
    const out = temporaryFolder()
    const outcome = await runAndSignal({ ...job, out }, signal, steps)
    if (!outcome.finished || attempt === 5) return { out, outcome }
  }
}

/** Runs the job in a process of its own and sends `signal` after `steps` steps; the exit tells what came of it. */
function runAndSignal(
  job: Job,
  signal: NodeJS.Signals,
  steps: number,
): Promise<{ finished: boolean; failure?: string }> {
  return new Promise((resolve) => {
    const child = fork(workerModule)
    let seen = 0
    let finished = false
    let failure: string | undefined
    child.on('message', (message: { type: string; event?: { type: string }; error?: { code: string } }) => {
      if (message.type === 'event' && message.event?.type === 'step' && ++seen === steps) child.kill(signal)
      if (message.type === 'done') finished = true
      if (message.type === 'failed') failure = message.error?.code
    })
    child.on('close', () => resolve({ finished, ...(failure === undefined ? {} : { failure }) }))
    child.send({ ...job, stepIntervalMilliseconds: 0 })
  })
}

/** Kills and stops runs on a backend at several steps, resumes them, and holds every file to the run that was left alone. */
export function describeResume(backend: BackendName): void {
  describe(`a run on ${backend} that was interrupted and resumed`, () => {
    let expected: Map<string, Buffer>
    beforeAll(async () => {
      const { folder } = await runSpec({ spec, seed: 1, out: temporaryFolder(), backend })
      expected = new Map(compared.map((file) => [file, readFileSync(join(folder, file))]))
    })

    function expectSameBytes(out: string) {
      for (const [file, bytes] of expected) {
        expect(readFileSync(join(out, runFolderName(spec, 1), file)).equals(bytes), file).toBe(true)
      }
    }

    const random = createRandom(20_261_122, 'kill-points')
    const points = Array.from({ length: 3 }, () => 1 + random.integer(totalSteps - 3))

    it.each(points)('has the same bytes after kill -9 at step %i', async (steps) => {
      const job = {
        label: 'tiny',
        spec,
        seed: 1,
        backend,
        resume: true,
        checkpointEverySteps: 2,
      } as const
      const { out, outcome } = await interruptedBy('SIGKILL', steps, job)
      expect(outcome).toEqual({ finished: false })
      expect(await runAndSignal({ ...job, out }, 'SIGKILL', Number.POSITIVE_INFINITY)).toEqual({
        finished: true,
      })
      expectSameBytes(out)
    })

    it.each(['SIGTERM', 'SIGINT'] as const)(
      'finishes its step, saves and says so on %s, then has the same bytes',
      async (signal) => {
        const started = { label: 'tiny', spec, seed: 1, backend, resume: true } as const
        const { out, outcome } = await interruptedBy(signal, 3, started)
        expect(outcome).toEqual({ finished: false, failure: 'interrupted' })
        const job: Job = { ...started, out }
        expect(await runAndSignal({ ...job, resume: false }, 'SIGTERM', 1)).toEqual({
          finished: false,
          failure: 'conflict',
        })
        expect(await runAndSignal(job, 'SIGTERM', Number.POSITIVE_INFINITY)).toEqual({ finished: true })
        expectSameBytes(out)
        const manifest = JSON.parse(readFileSync(join(out, runFolderName(spec, 1), 'manifest.json'), 'utf8'))
        expect(manifest.timing.resumptions).toBe(1)
      },
    )
  })
}
