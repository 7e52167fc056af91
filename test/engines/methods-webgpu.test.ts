import { backendIdentity } from '@mate-bench/backends'
import { runSpec, teacherChain, traceSpec } from '@mate-bench/harness'
import { methods } from '@mate-bench/methods'
import { describe, expect, it } from 'vitest'
import { specOfMethod } from '../support/method-specs.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

/** A GPU of software takes a thousand times as long as one of silicon. */
const limitMilliseconds = 600_000

/** Rounding alone; a kernel that is wrong is off by far more. */
const tolerance = 1e-4

/** One step an epoch, so that the second shows the gradients of the first and what a method keeps from one epoch to the next. */
const smallest = {
  dataset: {
    name: 'fashion-mnist-mini',
    subset: { perClass: 2, seed: 0 },
    validation: { size: 10, seed: 0 },
  },
  training: { batchSize: 10 },
}

// `webgpu.test.ts` says whether it must be here. The other engines' tests kill and resume every method.
describe.skipIf(backendIdentity('webgpu') === undefined)('on webgpu', { timeout: limitMilliseconds }, () => {
  it.each(methods.map(({ name }) => name))('%s has the losses of plain JavaScript', async (name) => {
    const spec = specOfMethod(name, smallest)
    const runs = temporaryFolder()
    for (const teacher of teacherChain(spec)) {
      await runSpec({ spec: teacher, seed: 1, out: runs, backend: 'wasm' })
    }
    const trace = (backend: 'webgpu' | 'cpu') =>
      traceSpec({ spec, seed: 1, steps: 2, out: temporaryFolder(), runs, backend })
    const found = await trace('webgpu')
    const right = await trace('cpu')
    expect(found).toHaveLength(2)
    for (const [step, { loss }] of found.entries()) {
      const expected = right[step]?.loss ?? Number.NaN
      expect(Math.abs(loss - expected) / Math.abs(expected), `step ${step + 1}`).toBeLessThan(tolerance)
    }
  })
})
