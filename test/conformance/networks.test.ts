import * as tf from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { openBackend } from '../../packages/backends/src/index.ts'
import { createOptimizer } from '../../packages/harness/src/optimizers/registry.ts'
import { trainStep } from '../../packages/harness/src/train-step.ts'
import { bindMethod, methodOptions } from '../../packages/methods/src/index.ts'
import {
  attachPoints,
  backboneOptions,
  createModel,
  describeNetwork,
  headOptions,
  type Model,
  type Network,
} from '../../packages/nn/src/index.ts'
import { createRandom } from '../../packages/stats/src/index.ts'

type Named = { name: string } & Record<string, unknown>

/** Every backbone, as small as it gets and in each of its forms. */
const backbones: readonly Named[] = [
  { name: 'resnet', depth: 8, width: 4 },
  { name: 'vgg', depth: 11, width: 2 },
  { name: 'wide-resnet', depth: 10, widen: 1 },
  { name: 'wide-resnet', depth: 10, widen: 1, dropout: 0.3 },
  { name: 'resnext', depth: 11, cardinality: 4, baseWidth: 32, width: 8 },
  { name: 'resnext', depth: 11, cardinality: 2, baseWidth: 64, width: 16 },
  { name: 'densenet', depth: 16, growthRate: 3 },
  { name: 'densenet', depth: 13, growthRate: 4, bc: false },
  { name: 'mobilenet-v2', widthMultiplier: 0.1 },
  { name: 'mobilenet-v2', widthMultiplier: 0.25, activation: 'relu', dropout: 0.2 },
]
const heads: readonly Named[] = [
  { name: 'linear' },
  { name: 'eed' },
  { name: 'bottleneck', factor: 8 },
  { name: 'byot' },
  { name: 'separable' },
  { name: 'msdnet', width: 8 },
]

/** A network with an exit after each of the points that `choose` gives, and after the last one. */
function networkOf(
  { backbone, head, side, channels }: { backbone: Named; head: Named; side: number; channels: number },
  choose: (points: readonly string[]) => readonly (string | undefined)[],
): Network {
  const options = backboneOptions.parse(backbone)
  const points = attachPoints(options)
  const chosen = [...choose(points), points.at(-1)]
  const exits = points.filter((point) => chosen.includes(point)).map((after) => ({ after }))
  const model = { backbone: options, head: headOptions.parse(head), exits }
  return describeNetwork(model, { inputShape: [side, side, channels], classes: 7 })
}

function noise(network: Network, size: number, stream: string): tf.Tensor4D {
  const random = createRandom(4, stream)
  const [height, width, channels] = network.inputShape
  const values = Float32Array.from({ length: size * height * width * channels }, () => random.normal())
  return tf.tensor4d(values, [size, height, width, channels])
}

function labelsOf({ classes }: Network, size: number): Int32Array {
  return Int32Array.from({ length: size }, (_, image) => image % classes)
}

/** Images whose stripes tell the class, in noise. */
function stripes(network: Network, size: number): Float32Array {
  const [height, width, channels] = network.inputShape
  const images = tf.tidy(() => noise(network, size, 'training').dataSync<'float32'>())
  const labels = labelsOf(network, size)
  return images.map((value, i) => {
    const row = Math.floor(i / (width * channels)) % height
    const label = labels[Math.floor(i / (height * width * channels))] ?? 0
    return 0.3 * value + Math.sin((Math.PI * (label + 1) * row) / height)
  })
}

/** A loss that every exit has a share in. */
function sharpness(model: Model, images: tf.Tensor4D): tf.Scalar {
  return model
    .forward(images, { training: true })
    .map(({ logits }) => tf.mean<tf.Scalar>(tf.square(tf.softmax(logits))))
    .reduce((sum, term) => tf.add(sum, term))
}

beforeAll(async () => {
  await openBackend('wasm')
})

describe('any head on any backbone, on wasm', () => {
  it('computes what the description says, and reaches every parameter by a finite gradient', () => {
    const choice = fc.record({
      backbone: fc.constantFrom(...backbones),
      head: fc.constantFrom(...heads),
      odd: fc.integer({ min: 0, max: 3 }),
      channels: fc.constantFrom(1, 3),
      point: fc.nat(),
    })
    fc.assert(
      fc.property(choice, ({ odd, point, ...chosen }) => {
        // MSDNet's head needs five pixels a side, which VGG's five stages make of 80.
        const side = (chosen.head.name === 'msdnet' ? 80 : 16) + odd
        const network = networkOf({ ...chosen, side }, (points) => [points[point % points.length]])
        const shapes = new Map(network.nodes.map(({ name, shape }) => [name, shape]))
        const before = tf.memory().numTensors
        const model = createModel(network, 1)
        tf.tidy(() => {
          const images = noise(network, 2, 'images')
          for (const [index, outputs] of model.forward(images, { training: false }).entries()) {
            const exit = network.exits[index]
            expect(outputs.logits.shape).toEqual([2, 7])
            expect(outputs.feature.shape).toEqual([2, exit?.featureWidth])
            expect(outputs.featureMap.shape.slice(1)).toEqual(shapes.get(exit?.featureMap ?? ''))
          }
          const { grads } = tf.variableGrads(() => sharpness(model, images))
          expect(Object.keys(grads)).toHaveLength(
            model.parameters.filter(({ trainable }) => trainable).length,
          )
          for (const gradient of Object.values(grads)) {
            expect(Number.isFinite(tf.sum(gradient).dataSync()[0])).toBe(true)
          }
        })
        model.dispose()
        expect(tf.memory().numTensors).toBe(before)
      }),
      { numRuns: 12 },
    )
  })
})

describe('a few training steps on wasm', () => {
  it.each(backbones.slice(2))('bring down the loss of %j and leave no tensor behind', async (backbone) => {
    const network = networkOf({ backbone, head: { name: 'linear' }, side: 16, channels: 3 }, (points) =>
      points.filter((point) => !point.includes('.')),
    )
    const { classes } = network
    const before = tf.memory().numTensors
    const model = createModel(network, 3)
    const method = bindMethod(methodOptions.parse({ name: 'joint' }), {
      exits: network.exits.map(({ k, featureWidth }) => ({
        k,
        featureWidth,
        featureMapShape: [featureWidth],
      })),
      classes,
      epochs: 1,
      stepsPerEpoch: 10,
      seed: 3,
    })
    const parameters = model.parameters.flatMap(({ name, role, trainable }) => {
      const variable = model.variables.get(name)
      return trainable && variable ? [{ name, variable, decay: role === 'kernel' }] : []
    })
    const optimizer = createOptimizer(
      {
        name: 'sgd',
        learningRate: 0.05,
        momentum: 0.9,
        nesterov: false,
        weightDecay: 0,
        decayNormAndBias: false,
      },
      parameters,
    )
    const options = {
      model,
      method,
      optimizer,
      parameters,
      classes,
      labelSmoothing: 0,
      gradientClipping: null,
      trackAttention: false,
    }
    const size = 14
    const indices = Uint32Array.from({ length: size }, (_, i) => i)
    const batch = { images: stripes(network, size), labels: labelsOf(network, size), indices, size }
    const steps: { loss: number; tensors: number }[] = []
    for (let step = 0; step < 10; step++) {
      const { loss } = await trainStep(options, batch, { epoch: 0, step, learningRate: 0.05 })
      steps.push({ loss, tensors: tf.memory().numTensors })
    }
    expect(steps.at(-1)?.loss).toBeLessThan(0.95 * (steps[0]?.loss ?? 0))
    expect(new Set(steps.slice(1).map(({ tensors }) => tensors)).size).toBe(1)
    for (const owner of [optimizer, method, model]) owner.dispose()
    expect(tf.memory().numTensors).toBe(before)
  })
})
