import { openBackend } from '@mate-bench/backends'
import { describeNetwork } from '@mate-bench/nn'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { createLearner } from './learner.ts'
import { specSchema } from './spec.ts'
import { clippingFactor, trainStep } from './train-step.ts'

beforeAll(async () => {
  await openBackend('wasm')
})

describe('clippingFactor', () => {
  it('scales to the joint norm, and leaves shorter gradients alone', () => {
    expect(clippingFactor([9, 16], 1)).toBe(0.2)
    expect(clippingFactor([9, 16], 5)).toBe(1)
    expect(clippingFactor([9, 16], null)).toBe(1)
  })
})

describe('trainStep', () => {
  it('reads the backend once, for losses, hits, attention and norms of all exits', async () => {
    const spec = specSchema.parse({
      schemaVersion: 1,
      name: 'step',
      dataset: { name: 'fashion-mnist-mini' },
      model: {
        backbone: { name: 'resnet', depth: 8, width: 4 },
        exits: [{ after: 'stage1' }, { after: 'stage3' }],
        head: { name: 'eed' },
      },
      method: { name: 'mate' },
      training: {
        epochs: 1,
        batchSize: 4,
        optimizer: { name: 'sgd', learningRate: 0.1 },
        schedule: { name: 'constant' },
        gradientClipping: 0.5,
      },
      evaluation: {},
      seeds: [1],
    })
    const network = describeNetwork(spec.model, { inputShape: [8, 8, 1], classes: 3 })
    const learner = createLearner({ spec, seed: 1, network, stepsPerEpoch: 1 })
    const weights = () => learner.parameters.flatMap(({ variable }) => [...variable.dataSync()])
    const before = weights()
    const tensors = tf.memory().numTensors
    const batch = {
      images: Float32Array.from({ length: 4 * 64 }, (_, i) => Math.sin(i)),
      labels: Int32Array.of(0, 1, 2, 1),
      indices: Uint32Array.of(0, 1, 2, 3),
      size: 4,
    }
    const reads = [vi.spyOn(tf.engine(), 'read'), vi.spyOn(tf.engine(), 'readSync')]
    const result = await trainStep(
      { ...spec.training, ...learner, classes: 3, trackAttention: true },
      batch,
      {
        epoch: 0,
        step: 0,
        learningRate: 1,
      },
    )
    expect(reads.map(({ mock }) => mock.calls.length)).toEqual([1, 0])
    for (const spy of reads) spy.mockRestore()
    expect(tf.memory().numTensors).toBe(tensors)
    expect(Object.keys(result.terms)).toEqual(
      ['ce', 'teacherCe', 'kd'].flatMap((term) => [`${term}1`, `${term}2`]),
    )
    expect(result.correct).toHaveLength(2)
    // Rows of attention sum to one.
    const [a = 0, b = 0, c = 0, d = 0] = result.attention
    expect([a + b, c + d]).toEqual([expect.closeTo(1, 5), expect.closeTo(1, 5)])
    // Without decay and momentum the first step is as long as the clipped gradient.
    const moved = weights().reduce((sum, value, i) => sum + (value - (before[i] ?? 0)) ** 2, 0)
    expect(Math.sqrt(moved)).toBeCloseTo(0.5, 2)
    learner.dispose()
  })
})
