import { type BackendName, backendIdentity, openBackend } from '@mate-bench/backends'
import { createTrainLoader, openDataset } from '@mate-bench/datasets'
import { describe, expect, it } from 'vitest'
import { restore, snapshot } from '../../packages/harness/src/checkpoint.ts'
import { createLearner } from '../../packages/harness/src/learner.ts'
import type { NamedTensor } from '../../packages/harness/src/safetensors.ts'
import { describeSpecNetwork, parseSpec } from '../../packages/harness/src/spec.ts'
import { trainStep } from '../../packages/harness/src/train-step.ts'

/** A driver of software takes a thousand times as long as a GPU. */
const limitMilliseconds = 600_000

/**
 * Of a parameter, relative to its largest change: rounding comes to 2e-5. A single activation that rounding takes over to the ReLU's other
 * side comes to 1e-3, so the batches are small: thirty thousand activations a step, few of which are near zero.
 */
const tolerance = 1e-4

/** Five steps of six images and one of three: narrower than a vector of four, and batches that divide nothing. */
const spec = parseSpec({
  schemaVersion: 1,
  name: 'single-steps',
  dataset: {
    name: 'fashion-mnist-mini',
    subset: { perClass: 5, seed: 0 },
    validation: { size: 17, seed: 0 },
  },
  model: {
    backbone: { name: 'resnet', depth: 8, width: 3 },
    exits: [{ after: 'stage1' }, { after: 'stage2' }, { after: 'stage3' }],
    head: { name: 'eed' },
  },
  method: { name: 'mate' },
  training: {
    epochs: 1,
    batchSize: 6,
    optimizer: { name: 'sgd', learningRate: 0.05 },
    schedule: { name: 'constant' },
    augmentation: [{ name: 'horizontal-flip' }],
  },
  evaluation: { protocols: ['anytime'] },
  seeds: [1],
})

const dataset = await openDataset(spec.dataset)
const { indices } = dataset.splits.train
const stepsPerEpoch = Math.ceil(indices.length / spec.training.batchSize)

type State = ReadonlyMap<string, NamedTensor>

interface Step {
  readonly before: State
  readonly after: State
  readonly loss: number
}

/**
 * Takes the steps of an epoch on a backend: each from where the one before ended or, where `expected` is given, from where that step
 * began there.
 */
async function steps(backend: BackendName, expected?: readonly Step[]): Promise<Step[]> {
  await openBackend(backend)
  const classes = dataset.classes.length
  const network = describeSpecNetwork(spec, { inputShape: dataset.imageShape, classes })
  const learner = createLearner({ spec, seed: 1, network, stepsPerEpoch, trainIndices: indices })
  const { batchSize, augmentation } = spec.training
  const loader = createTrainLoader({ dataset, batchSize, augmentation, seed: 1, rows: learner.needs })
  const taken: Step[] = []
  try {
    for await (const batch of loader.batches(0)) {
      const step = taken.length
      const start = expected?.[step]
      if (start) restore(start.before, learner.groups)
      const before = await snapshot(learner.groups)
      const { loss } = await trainStep(
        { ...spec.training, ...learner, classes, trackAttention: false },
        batch,
        { epoch: step / stepsPerEpoch, step, learningRate: spec.training.optimizer.learningRate },
      )
      taken.push({ before, after: await snapshot(learner.groups), loss })
    }
  } finally {
    await loader.close()
    learner.dispose()
  }
  return taken
}

const valuesOf = (state: State, name: string) => Array.from(state.get(name)?.data ?? [])

const largest = (values: readonly number[]) =>
  values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)

/** How far a tensor is from what the step should have made of it, but for its own rounding, relative to the largest change of it. */
function distance(name: string, found: Step, expected: Step): number {
  const right = valuesOf(expected.after, name)
  const [before, values] = [valuesOf(expected.before, name), valuesOf(found.after, name)]
  const error = largest(right.map((value, i) => value - (values[i] ?? Number.NaN)))
  const change = largest(right.map((value, i) => value - (before[i] ?? Number.NaN)))
  return Math.max(0, error - 2 ** -23 * largest(right)) / Math.max(change, Number.MIN_VALUE)
}

// `webgpu.test.ts` says whether it must be here.
describe.skipIf(backendIdentity('webgpu') === undefined)('on webgpu', () => {
  it(
    'every step of MATE from equal weights has the loss and moves each parameter as plain JavaScript does',
    async () => {
      const expected = await steps('cpu')
      const found = await steps('webgpu', expected)
      expect(found).toHaveLength(stepsPerEpoch)
      for (const [n, right] of expected.entries()) {
        const step = found[n] as Step
        expect(Math.abs(step.loss / right.loss - 1), `loss of step ${n + 1}`).toBeLessThan(1e-6)
        const off = [...right.after.keys()].map((name) => [name, distance(name, step, right)] as const)
        expect(
          off.filter(([, by]) => !(by < tolerance)),
          `step ${n + 1}`,
        ).toEqual([])
      }
    },
    limitMilliseconds,
  )
})
