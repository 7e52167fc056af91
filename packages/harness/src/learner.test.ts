import { openBackend } from '@mate-bench/backends'
import { createRandom } from '@mate-bench/stats'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, expect, it } from 'vitest'
import { tinySpec } from '../../../test/support/tiny-spec.ts'
import { createLearner, type Learner } from './learner.ts'
import { phasesOf } from './phases.ts'
import { planSpec } from './plan.ts'
import { trainStep } from './train-step.ts'

beforeAll(async () => {
  await openBackend('wasm')
})

const regime = { name: 'disjoint', backbone: { epochs: 1, schedule: { name: 'constant' } } }
const { training } = tinySpec()
const spec = tinySpec({
  method: { name: 'joint' },
  training: { ...training, epochs: 2, schedule: { name: 'constant' }, regime },
})
const { network } = planSpec(spec)

/** Every parameter and running average of the network, as text. */
function values({ model }: Learner): Map<string, string> {
  return new Map([...model.variables].map(([name, variable]) => [name, [...variable.dataSync()].join()]))
}

async function takeStep(learner: Learner): Promise<string[]> {
  const random = createRandom(1, 'learner-test')
  const size = 8
  const batch = {
    images: Float32Array.from({ length: size * 28 * 28 }, () => random.normal()),
    labels: Int32Array.from({ length: size }, (_, i) => i % 10),
    indices: Uint32Array.from({ length: size }, (_, i) => i),
    size,
  }
  const before = values(learner)
  const { correct } = await trainStep(
    { ...spec.training, ...learner, classes: 10, trackAttention: false },
    batch,
    { epoch: 0, step: 0, learningRate: 0.1 },
  )
  expect(correct).toHaveLength(learner.phase.name === 'backbone' ? 1 : 3)
  return [...values(learner)].flatMap(([name, value]) => (value === before.get(name) ? [] : [name]))
}

it('moves the network of the last exit in the first phase, and the earlier heads alone in the second', async () => {
  const learner = createLearner({ spec, seed: 1, network, stepsPerEpoch: 1 })
  const isEarlyHead = (name: string) => name.startsWith('head1.') || name.startsWith('head2.')
  const inBackbone = await takeStep(learner)
  expect(inBackbone.filter(isEarlyHead)).toEqual([])
  expect(inBackbone.some((name) => name.startsWith('head3.'))).toBe(true)
  expect(inBackbone.some((name) => name.endsWith('.mean'))).toBe(true)

  const tensors = tf.memory().numTensors
  const [, heads] = phasesOf(spec.training)
  if (!heads) throw new RangeError('a regime has two phases')
  learner.enter(heads)
  const inHeads = await takeStep(learner)
  expect(inHeads.filter((name) => !isEarlyHead(name))).toEqual([])
  expect(inHeads.length).toBeGreaterThan(0)
  // Two heads have fewer parameters than a backbone, and no more states.
  expect(tf.memory().numTensors).toBeLessThanOrEqual(tensors)
  const before = tf.memory().numTensors
  await takeStep(learner)
  expect(tf.memory().numTensors).toBe(before)
  learner.dispose()
})
