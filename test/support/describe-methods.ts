import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { BackendName } from '@mate-bench/backends'
import { type RunEvent, runSpec, type Spec } from '@mate-bench/harness'
import { methods } from '@mate-bench/methods'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from './temporary-folder.ts'
import { tinySpec } from './tiny-spec.ts'

/** What a run leaves behind that must not depend on whether it was interrupted. */
const compared = ['predictions.parquet', 'model.safetensors', 'metrics.jsonl', 'spec.json']

/** Rounding grows from step to step: this is what the losses of two backends may differ by after six. */
const tolerance = 5e-3

interface Trained {
  readonly files: ReadonlyMap<string, Buffer>
  /** `tf.memory().numTensors` after each step. */
  readonly tensors: readonly number[]
  /** Mean loss of each epoch. */
  readonly losses: readonly number[]
}

/** Options with which two epochs show what a method keeps from one to the next, where its defaults take longer. */
const telling: Readonly<Record<string, object>> = { lwr: { interval: 1 } }

/** Two epochs of a few steps: enough for what a method keeps from one epoch to the next to matter. */
function specOf(method: string): Spec {
  const { training } = tinySpec()
  const short = { ...training, epochs: 2, batchSize: 32, schedule: { name: 'multi-step', milestones: [1] } }
  return tinySpec({ method: { name: method, ...telling[method] }, training: short })
}

async function train(spec: Spec, backend: BackendName, out: string): Promise<Trained> {
  const tensors: number[] = []
  const onEvent = (event: RunEvent) => {
    if (event.type === 'step') tensors.push(event.tensors)
  }
  const { folder } = await runSpec({ spec, seed: 1, out, backend, resume: true, onEvent })
  const files = new Map(compared.map((file) => [file, readFileSync(join(folder, file))]))
  const losses = String(files.get('metrics.jsonl'))
    .trimEnd()
    .split('\n')
    .map((line) => Number(JSON.parse(line).loss))
  return { files, tensors, losses }
}

/** Trains until after step `steps`, where the program dies: nothing is saved that was not saved before. */
async function dieAfter(steps: number, spec: Spec, backend: BackendName, out: string): Promise<void> {
  let seen = 0
  const onEvent = ({ type }: RunEvent) => {
    if (type === 'step' && ++seen === steps) throw new Error('died')
  }
  const run = runSpec({ spec, seed: 1, out, backend, checkpointEverySteps: 2, onEvent })
  await expect(run).rejects.toThrow('died')
}

/**
 * Trains every method of the registry on a backend, through the whole path of a run: no tensor is left behind, the losses
 * are those of plain JavaScript, and a run that died in either epoch and went on has the bytes of one that did not.
 */
export function describeMethods(backend: BackendName): void {
  describe.each(methods.map(({ name }) => name))(`%s on ${backend}`, (name) => {
    const spec = specOf(name)
    let expected: Promise<Trained> | undefined
    const undisturbed = () => {
      expected ??= train(spec, backend, temporaryFolder())
      return expected
    }

    it('trains, and leaves no tensor behind', async () => {
      const { tensors, losses } = await undisturbed()
      expect(tensors).toHaveLength(6)
      expect(new Set(tensors.slice(1)).size).toBe(1)
      expect(losses.every(Number.isFinite)).toBe(true)
    })

    it.each([3, 5])('has the same bytes when it dies after step %i and goes on', async (steps) => {
      const out = temporaryFolder()
      await dieAfter(steps, spec, backend, out)
      const { files } = await train(spec, backend, out)
      for (const [file, bytes] of (await undisturbed()).files) {
        expect(files.get(file)?.equals(bytes), file).toBe(true)
      }
    })

    it('has the losses of plain JavaScript', async () => {
      const { losses } = await train(spec, 'cpu', temporaryFolder())
      for (const [epoch, loss] of (await undisturbed()).losses.entries()) {
        const plain = losses[epoch] ?? Number.NaN
        expect(Math.abs(loss - plain) / Math.abs(plain), `epoch ${epoch + 1}`).toBeLessThan(tolerance)
      }
    })
  })
}
