import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { backboneOptions, describeNetwork, headOptions, type Network } from './describe/index.ts'
import { createModel } from './model.ts'

function tinyNetwork(): Network {
  const backbone = backboneOptions.parse({ name: 'resnet', depth: 8, width: 2 })
  const exits = [{ after: 'stage1' }, { after: 'stage2' }, { after: 'stage3' }]
  const head = headOptions.parse({ name: 'eed' })
  return describeNetwork({ backbone, exits, head }, { inputShape: [8, 8, 3], classes: 5 })
}

/** Smooth, uneven values, so that every pixel and every image differs. */
function images(network: Network, batch: number): tf.Tensor4D {
  const [height, width, channels] = network.inputShape
  const values = Float32Array.from({ length: batch * height * width * channels }, (_, i) => Math.sin(0.7 * i))
  return tf.tensor4d(values, [batch, height, width, channels])
}

function lossOf(outputs: readonly { logits: tf.Tensor2D }[]): tf.Scalar {
  return outputs
    .map(({ logits }) => tf.mean<tf.Scalar>(tf.square(tf.softmax(logits))))
    .reduce((sum, term) => tf.add(sum, term))
}

beforeAll(async () => {
  await tf.setBackend('cpu')
})

describe('createModel', () => {
  it('gives logits, features and feature maps of every exit, and frees everything else', () => {
    const network = tinyNetwork()
    const before = tf.memory().numTensors
    const model = createModel(network, 1)
    const x = images(network, 3)
    const held = tf.memory().numTensors
    const outputs = model.forward(x, { training: false })
    expect(outputs.map(({ logits }) => logits.shape)).toEqual([
      [3, 5],
      [3, 5],
      [3, 5],
    ])
    expect(outputs.map(({ feature }) => feature.shape)).toEqual([
      [3, 8],
      [3, 8],
      [3, 8],
    ])
    expect(outputs.map(({ featureMap }) => featureMap.shape)).toEqual([
      [3, 2, 2, 8],
      [3, 2, 2, 8],
      [3, 2, 2, 8],
    ])
    expect(tf.memory().numTensors).toBe(held + 9)
    tf.dispose([...outputs.flatMap((o) => [o.logits, o.feature, o.featureMap]), x])
    model.dispose()
    expect(tf.memory().numTensors).toBe(before)
  })

  it('keeps the tensor count flat over training steps', () => {
    const network = tinyNetwork()
    const model = createModel(network, 1)
    const x = images(network, 4)
    const step = () => {
      const { value, grads } = tf.variableGrads(() => lossOf(model.forward(x, { training: true })))
      tf.dispose([value, ...Object.values(grads)])
      return Object.keys(grads).length
    }
    step()
    const before = tf.memory().numTensors
    const gradients = step()
    expect(tf.memory().numTensors).toBe(before)
    expect(gradients).toBe(model.parameters.filter(({ trainable }) => trainable).length)
    x.dispose()
    model.dispose()
  })
})
