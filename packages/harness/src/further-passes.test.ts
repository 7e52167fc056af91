import { openBackend } from '@mate-bench/backends'
import { describeNetwork } from '@mate-bench/nn'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { createLearner, type Learner } from './learner.ts'
import { specSchema } from './spec.ts'
import { trainStep } from './train-step.ts'

beforeAll(async () => {
  await openBackend('wasm')
})

const classes = 3
const size = 4
const pixels = 64

function open(method: object): Learner {
  const spec = specSchema.parse({
    schemaVersion: 1,
    name: 'step',
    dataset: { name: 'fashion-mnist-mini' },
    model: {
      backbone: { name: 'resnet', depth: 8, width: 4 },
      exits: [{ after: 'stage1' }, { after: 'stage3' }],
      head: { name: 'eed' },
    },
    method,
    training: {
      epochs: 4,
      batchSize: size,
      optimizer: { name: 'sgd', learningRate: 0.1 },
      schedule: { name: 'constant' },
    },
    evaluation: {},
    seeds: [1],
  })
  const network = describeNetwork(spec.model, { inputShape: [8, 8, 1], classes })
  return createLearner({ spec, seed: 1, network, stepsPerEpoch: 1, trainIndices: Uint32Array.of(0, 3, 5, 8) })
}

/** Noise for so many rows; images 0, 3, 5 and 8 of classes 0, 1, 2, 1. */
function batchOf(rows: number) {
  const own = [0, 1, 2, 1]
  return {
    images: Float32Array.from({ length: rows * pixels }, (_, i) => Math.sin(i * i)),
    labels: Int32Array.from({ length: rows }, (_, i) => own[i % size] ?? 0),
    indices: Uint32Array.of(0, 3, 5, 8),
    size,
  }
}

async function step(learner: Learner, epoch = 0, rows = size) {
  const options = { ...learner, classes, labelSmoothing: 0, gradientClipping: null, trackAttention: false }
  return trainStep(options, batchOf(rows), { epoch, step: epoch, learningRate: 0 })
}

/** Running averages of batch norm, all of them. */
const statistics = ({ model }: Learner) =>
  [...model.variables]
    .filter(([name]) => /\.(mean|variance)$/.test(name))
    .flatMap(([, v]) => [...v.dataSync()])

describe('further passes', () => {
  it('see partners with batch statistics, and move running averages only where the method says so', async () => {
    const found = []
    for (const method of [
      { name: 'joint' },
      { name: 'cs-kd' },
      { name: 'cs-kd', partnerStatistics: 'moved' },
    ]) {
      const learner = open(method)
      const tensors = tf.memory().numTensors
      const { terms } = await step(learner, 0, method.name === 'joint' ? size : 2 * size)
      expect(tf.memory().numTensors).toBe(tensors)
      found.push({ terms, statistics: statistics(learner) })
      learner.dispose()
    }
    const [joint, kept, moved] = found
    expect(kept?.statistics).toEqual(joint?.statistics)
    expect(moved?.statistics).not.toEqual(joint?.statistics)
    expect(kept?.terms.kd1).toBeGreaterThan(0)
    expect(moved?.terms).toEqual(kept?.terms)
  })

  it('count hits of the images in their first view alone', async () => {
    const learner = open({ name: 'ddgsd' })
    const { correct } = await step(learner, 0, 2 * size)
    expect(correct.every((count) => count >= 0 && count <= size)).toBe(true)
    learner.dispose()
  })

  it('leave a frozen copy alone until it is taken, and as it was then afterwards', async () => {
    const learner = open({ name: 'snapshot', cycles: 2 })
    expect((await step(learner, 1)).terms).toMatchObject({ kd1: 0, kd2: 0 })
    const taught = await step(learner, 2)
    expect(taught.terms.kd1).toBeGreaterThan(0)
    expect(learner.groups.copy?.size).toBe(learner.model.variables.size)
    learner.dispose()
  })

  it('remember what the method says under each image, and give it back', async () => {
    const learner = open({ name: 'ps-kd' })
    const tensors = tf.memory().numTensors
    await step(learner)
    const rows = [...(learner.memory?.recall(Uint32Array.of(0, 3, 5, 8)) ?? [])]
    expect(rows).toHaveLength(size * 2 * classes)
    for (let row = 0; row < size * 2; row++) {
      const sum = rows.slice(row * classes, (row + 1) * classes).reduce((a, b) => a + b, 0)
      expect(sum).toBeCloseTo(1, 5)
    }
    await step(learner, 1)
    expect(tf.memory().numTensors).toBe(tensors)
    learner.dispose()
  })
})
