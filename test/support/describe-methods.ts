import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { BackendName } from '@mate-bench/backends'
import { type RunEvent, runSpec, type Spec, teacherChain, traceSpec } from '@mate-bench/harness'
import { methods } from '@mate-bench/methods'
import { describe, expect, it } from 'vitest'
import { specInRegime, specOfMethod } from './method-specs.ts'
import { temporaryFolder } from './temporary-folder.ts'

/** What a run leaves behind that must not depend on whether it was interrupted. */
const compared = ['predictions.parquet', 'model.safetensors', 'metrics.jsonl', 'spec.json']

/** Rounding grows from step to step: this is what the losses of two backends may differ by after four. */
const tolerance = 5e-3

/** Plain JavaScript takes its time where other work shares the machine. */
const referenceSeconds = 300

interface Trained {
  readonly files: ReadonlyMap<string, Buffer>
  /** `tf.memory().numTensors` after each step. */
  readonly tensors: readonly number[]
  /** Mean loss of each epoch. */
  readonly losses: readonly number[]
}

async function trainTeachers(spec: Spec, backend: BackendName, out: string): Promise<void> {
  for (const teacher of teacherChain(spec)) await runSpec({ spec: teacher, seed: 1, out, backend })
}

async function train(spec: Spec, backend: BackendName, out: string): Promise<Trained> {
  await trainTeachers(spec, backend, out)
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
  await trainTeachers(spec, backend, out)
  const run = runSpec({ spec, seed: 1, out, backend, checkpointEverySteps: 2, onEvent })
  await expect(run).rejects.toThrow('died')
}

/**
 * Trains every method of the registry on a backend, through the whole path of a run: no tensor is left behind, the losses
 * are those of a reference, and a run that died in either epoch and went on has the bytes of one that did not.
 *
 * @param reference whose losses are right: plain JavaScript, or a backend that is held to it elsewhere and is faster
 * @param deaths after which step it dies: three make an epoch, and every second is saved
 */
export function describeMethods(
  backend: BackendName,
  { reference, deaths }: { readonly reference: BackendName; readonly deaths: readonly number[] },
): void {
  const regimes = ['disjoint', 'mixed'].map((regime) => [`mate, ${regime}`, specInRegime(regime)] as const)
  const cases = [...methods.map(({ name }) => [name, specOfMethod(name)] as const), ...regimes]
  describe.each(cases)(`%s on ${backend}`, (_, spec) => {
    let expected: Promise<Trained> | undefined
    const undisturbed = () => {
      expected ??= train(spec, backend, temporaryFolder())
      return expected
    }

    it('trains, and leaves no tensor behind', async () => {
      const { tensors, losses } = await undisturbed()
      expect(tensors).toHaveLength(6)
      // The optimiser of a second phase, the last three steps, has parameters of its own.
      for (const phase of [tensors.slice(1, 3), tensors.slice(4)]) expect(new Set(phase).size).toBe(1)
      if (spec.training.regime === undefined) expect(new Set(tensors.slice(1)).size).toBe(1)
      expect(losses.every(Number.isFinite)).toBe(true)
    })

    it.each(deaths)('has the same bytes when it dies after step %i and goes on', async (steps) => {
      const out = temporaryFolder()
      await dieAfter(steps, spec, backend, out)
      const { files } = await train(spec, backend, out)
      for (const [file, bytes] of (await undisturbed()).files) {
        expect(files.get(file)?.equals(bytes), file).toBe(true)
      }
    })

    it(
      `has the losses of ${reference}`,
      async () => {
        const runs = temporaryFolder()
        await trainTeachers(spec, backend, runs)
        const traced = (on: BackendName) =>
          traceSpec({ spec, seed: 1, steps: 4, out: temporaryFolder(), runs, backend: on })
        const found = await traced(backend)
        const right = await traced(reference)
        expect(found).toHaveLength(4)
        for (const [step, { loss }] of found.entries()) {
          const expected = right[step]?.loss ?? Number.NaN
          expect(Math.abs(loss - expected) / Math.abs(expected), `step ${step + 1}`).toBeLessThan(tolerance)
        }
      },
      referenceSeconds * 1000,
    )
  })
}
