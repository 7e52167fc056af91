import { openBackend } from '@mate-bench/backends'
import { describeNetwork } from '@mate-bench/nn'
import * as tf from '@tensorflow/tfjs-core'
import { expect, it } from 'vitest'
import { createStepOnNoise } from './measure.ts'
import { measureStepMemory } from './measure-memory.ts'

it('says from a few images what a step with many takes, and leaves no tensor behind', async () => {
  await openBackend('wasm')
  const network = describeNetwork(
    {
      backbone: {
        name: 'resnet',
        depth: 8,
        width: 8,
        stem: 'cifar',
        batchNorm: { momentum: 0.1, epsilon: 1e-5 },
      },
      exits: [{ after: 'stage1' }, { after: 'stage3' }],
      head: { name: 'linear' },
    },
    { inputShape: [28, 28, 1], classes: 10 },
  )
  const before = tf.memory()
  const { bytes, limitBytes } = await measureStepMemory(network, 16)
  expect(tf.memory()).toMatchObject({ numTensors: before.numTensors, numBytes: before.numBytes })
  expect(limitBytes).toBe(2 ** 32)
  // More images never take less.
  expect(bytes(32)).toBeGreaterThan(bytes(16))

  const many = createStepOnNoise(network, 256)
  const { peakBytes } = await tf.profile(() => many.step())
  many.dispose()
  // tfjs counts shared values twice, so its own peak is above what the heap holds; the activations alone are below it.
  expect(bytes(256)).toBeLessThanOrEqual(1.01 * peakBytes)
  const activations = network.nodes.reduce(
    (sum, { shape }) => sum + shape.reduce((product, extent) => product * extent, 4),
    0,
  )
  expect(bytes(256)).toBeGreaterThan((256 * activations) / 2)
})
