import { openBackend } from '@mate-bench/backends'
import { describeNetwork, type Network } from '@mate-bench/nn'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { createStepOnNoise, forwardFlops, measureTrainingStep } from './measure.ts'

function tinyNetwork(): Network {
  return describeNetwork(
    {
      backbone: {
        name: 'resnet',
        depth: 8,
        width: 4,
        stem: 'cifar',
        batchNorm: { momentum: 0.1, epsilon: 1e-5 },
      },
      exits: [{ after: 'stage1' }, { after: 'stage3' }],
      head: { name: 'linear' },
    },
    { inputShape: [8, 8, 1], classes: 3 },
  )
}

describe('measureTrainingStep', () => {
  beforeAll(async () => {
    await openBackend('wasm')
  })

  it('counts two FLOPs a multiply-accumulate of all convolutions and linear layers', () => {
    // stem, stage 1 (two 3x3), stages 2 and 3 (3x3 of half the input width, 3x3, 1x1 shortcut), two classifiers
    const macs =
      64 * 9 * (1 * 4 + 2 * 4 * 4) +
      16 * (9 * (4 * 8 + 8 * 8) + 4 * 8) +
      4 * (9 * (8 * 16 + 16 * 16) + 8 * 16) +
      3 * (4 + 16)
    expect(forwardFlops(tinyNetwork())).toBe(2 * macs)
  })

  it('gives figures that belong to one step, and leaves no tensor behind', async () => {
    const before = tf.memory().numTensors
    const network = tinyNetwork()
    const measured = await measureTrainingStep({ network, batchSize: 4, steps: 3 })
    expect(measured.secondsPerStep).toBeGreaterThan(0)
    expect(measured.medianSecondsPerStep).toBeGreaterThanOrEqual(measured.secondsPerStep)
    expect(measured.imagesPerSecond * measured.secondsPerStep).toBeCloseTo(4)
    expect(measured.gflopPerSecond * measured.secondsPerStep * 1e9).toBeCloseTo(
      3 * 4 * forwardFlops(network),
      0,
    )
    expect(tf.memory().numTensors).toBe(before)
  })

  it('holds no tensor from one step to the next', async () => {
    const onNoise = createStepOnNoise(tinyNetwork(), 4)
    await onNoise.step()
    const before = tf.memory().numTensors
    await onNoise.step()
    expect(tf.memory().numTensors).toBe(before)
    onNoise.dispose()
  })
})
