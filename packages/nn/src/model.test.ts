import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  attachPoints,
  backboneOptions,
  describeNetwork,
  exitCosts,
  headOptions,
  type Network,
  withLogitSums,
} from './describe/index.ts'
import { variableGradients } from './gradients/variable-gradients.ts'
import { initialValues } from './initialise.ts'
import { createModel, type GradientScale, type Model } from './model.ts'

interface Tiny {
  backbone: { name: string } & Record<string, unknown>
  head: { name: string } & Record<string, unknown>
  side: number
}

const resnet8: Tiny = { backbone: { name: 'resnet', depth: 8, width: 2 }, head: { name: 'eed' }, side: 8 }

/** A small network with an exit at every stage or block. */
function tinyNetwork({ backbone, head, side }: Tiny): Network {
  const options = backboneOptions.parse(backbone)
  const exits = attachPoints(options)
    .filter((point) => !point.includes('.'))
    .map((after) => ({ after }))
  const model = { backbone: options, exits, head: headOptions.parse(head) }
  return describeNetwork(model, { inputShape: [side, side, 3], classes: 5 })
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

function numbers(tensor: tf.Tensor | undefined): number[] {
  if (!tensor) throw new Error('no such tensor')
  return [...tensor.dataSync()]
}

/** Logits of all exits in one list, for one forward pass. */
function logitsOf(model: Model, x: tf.Tensor4D, opts: { training: boolean; step?: number }): number[] {
  return tf.tidy(() => model.forward(x, opts).flatMap(({ logits }) => numbers(logits)))
}

beforeAll(async () => {
  await tf.setBackend('cpu')
})

describe('createModel', () => {
  it('gives logits, features and feature maps of every exit, and frees everything else', () => {
    const network = tinyNetwork(resnet8)
    const before = tf.memory().numTensors
    const model = createModel(network, 1)
    const x = images(network, 3)
    const held = tf.memory().numTensors
    const outputs = model.forward(x, { training: false })
    expect(tf.memory().numTensors).toBe(held + 9)
    for (const { logits, feature, featureMap } of outputs) {
      expect([logits.shape, feature.shape, featureMap.shape]).toEqual([
        [3, 5],
        [3, 8],
        [3, 2, 2, 8],
      ])
    }
    tf.dispose([...outputs.flatMap((o) => [o.logits, o.feature, o.featureMap]), x])
    model.dispose()
    expect(tf.memory().numTensors).toBe(before)
  })

  it('has the variables that the description lists, with the initial values of the seed', () => {
    const model = createModel(tinyNetwork(resnet8), 11)
    expect([...model.variables.keys()]).toEqual(model.parameters.map(({ name }) => name))
    for (const parameter of model.parameters) {
      const variable = model.variables.get(parameter.name)
      expect(variable?.shape).toEqual(parameter.shape)
      expect(variable?.trainable).toBe(parameter.trainable)
      expect(variable?.dataSync()).toEqual(initialValues(parameter, 11))
    }
    model.dispose()
  })

  it('gives the same bytes for the same seed, other ones for another', () => {
    const network = tinyNetwork(resnet8)
    const x = images(network, 2)
    const run = (seed: number) => {
      const model = createModel(network, seed)
      const bytes = [true, false].flatMap((training) => logitsOf(model, x, { training }))
      model.dispose()
      return bytes
    }
    expect(run(1)).toEqual(run(1))
    expect(run(2)).not.toEqual(run(1))
  })

  it('refuses images of another size', () => {
    const model = createModel(tinyNetwork(resnet8), 1)
    expect(() => model.forward(tf.zeros([2, 8, 9, 3]), { training: false })).toThrow(/8x8x3.*2x8x9x3/)
    model.dispose()
  })
})

const vgg = { name: 'vgg', depth: 11, width: 2 }
const msdnet = { name: 'msdnet', nBlocks: 2, base: 2, step: 2, nChannels: 2, growthRate: 2 }

describe.each<Tiny>([
  { backbone: { name: 'resnet', depth: 8, width: 2 }, head: { name: 'linear' }, side: 8 },
  { backbone: { name: 'resnet', depth: 8, width: 2 }, head: { name: 'eed' }, side: 11 },
  { backbone: { name: 'resnet', depth: 18, width: 2 }, head: { name: 'bottleneck' }, side: 8 },
  { backbone: { name: 'resnet', depth: 50, width: 2 }, head: { name: 'byot' }, side: 9 },
  {
    backbone: { name: 'resnet', depth: 8, width: 2, stem: 'imagenet' },
    head: { name: 'separable' },
    side: 22,
  },
  { backbone: vgg, head: { name: 'linear' }, side: 16 },
  { backbone: vgg, head: { name: 'separable' }, side: 17 },
  { backbone: { ...vgg, batchNorm: false, classifier: 'mlp' }, head: { name: 'byot' }, side: 16 },
  {
    backbone: { ...msdnet, grFactor: [1, 2], bnFactor: [1, 2] },
    head: { name: 'msdnet', width: 4 },
    side: 16,
  },
  { backbone: { ...msdnet, bottleneck: false, prune: 'min' }, head: { name: 'linear' }, side: 8 },
  { backbone: { ...msdnet, stem: 'imagenet' }, head: { name: 'linear' }, side: 32 },
])('$backbone.name with $head.name heads, $side px', (tiny) => {
  const network = tinyNetwork(tiny)

  it('computes the shapes that its description infers', () => {
    const model = createModel(network, 1)
    const shapes = new Map(network.nodes.map(({ name, shape }) => [name, [2, ...shape]]))
    const outputs = model.forward(images(network, 2), { training: false })
    expect(outputs).toHaveLength(network.exits.length)
    for (const [index, exit] of network.exits.entries()) {
      expect(outputs[index]?.logits.shape).toEqual([2, 5])
      expect(outputs[index]?.feature.shape).toEqual([2, exit.featureWidth])
      expect(outputs[index]?.featureMap.shape).toEqual(shapes.get(exit.featureMap))
    }
    model.dispose()
  })

  it('trains every trainable parameter and keeps the tensor count flat', () => {
    const model = createModel(network, 1)
    const x = images(network, 3)
    const trainable = model.parameters.filter((parameter) => parameter.trainable)
    const step = () => {
      const { value, grads } = tf.variableGrads(() => lossOf(model.forward(x, { training: true })))
      const shapes = Object.values(grads).map(({ shape }) => shape)
      tf.dispose([value, ...Object.values(grads)])
      return shapes
    }
    const shapes = step()
    const before = tf.memory().numTensors
    step()
    expect(tf.memory().numTensors).toBe(before)
    expect(shapes).toHaveLength(trainable.length)
    model.dispose()
  })
})

describe.each<Tiny>([
  { backbone: { name: 'resnet', depth: 8, width: 3 }, head: { name: 'separable' }, side: 9 },
  {
    backbone: { ...msdnet, grFactor: [1, 2], bnFactor: [1, 2] },
    head: { name: 'msdnet', width: 4 },
    side: 16,
  },
  // A large epsilon, because one pixel of six images has a variance near zero, and so a sharply bent loss.
  { backbone: { ...vgg, width: 4, batchNorm: { epsilon: 0.1 } }, head: { name: 'eed' }, side: 16 },
])('the gradient of $backbone.name with $head.name heads', (tiny) => {
  it('is the slope of the loss along itself', () => {
    const network = tinyNetwork(tiny)
    const model = createModel(network, 4)
    const x = images(network, 6)
    const loss = () => tf.tidy(() => lossOf(model.forward(x, { training: true })))
    const { value, grads } = tf.variableGrads(loss)
    value.dispose()
    const steepness = Math.sqrt(
      Object.values(grads).reduce((sum, gradient) => sum + (numbers(tf.sum(tf.square(gradient)))[0] ?? 0), 0),
    )
    const start = new Map(
      [...model.variables.values()].map((variable) => [variable.name, tf.clone(variable)]),
    )
    const lossAt = (distance: number) => {
      for (const variable of model.variables.values()) {
        const [origin, gradient] = [start.get(variable.name), grads[variable.name]]
        if (origin && gradient) variable.assign(tf.add(origin, tf.mul(gradient, distance / steepness)))
      }
      return numbers(loss())[0] ?? Number.NaN
    }
    const distance = 1e-3
    const slope = (lossAt(distance) - lossAt(-distance)) / (2 * distance)
    expect(slope / steepness).toBeCloseTo(1, 2)
    model.dispose()
  })
})

describe('batch norm in a model', () => {
  /** One convolution and its batch norm: the stem alone can be followed by hand. */
  function stemStatistics(model: Model, x: tf.Tensor4D) {
    const kernel = model.variables.get('stem.conv.weight') as tf.Variable<tf.Rank.R4>
    const { mean, variance } = tf.moments(tf.conv2d(x, kernel, 1, 'same'), [0, 1, 2])
    const count = x.size / 3
    return { mean: numbers(mean), unbiased: numbers(tf.mul(variance, count / (count - 1))) }
  }

  it('moves running statistics by momentum times the new batch, with the unbiased variance', () => {
    const network = tinyNetwork({
      ...resnet8,
      backbone: { ...resnet8.backbone, batchNorm: { momentum: 0.3 } },
    })
    const model = createModel(network, 1)
    const x = images(network, 2)
    const batch = stemStatistics(model, x)
    logitsOf(model, x, { training: true })
    const running = {
      mean: numbers(model.variables.get('stem.bn.mean')),
      variance: numbers(model.variables.get('stem.bn.variance')),
    }
    for (const [c, mean] of batch.mean.entries()) {
      expect(running.mean[c]).toBeCloseTo(0.7 * 0 + 0.3 * mean, 5)
      expect(running.variance[c]).toBeCloseTo(0.7 * 1 + 0.3 * (batch.unbiased[c] ?? 0), 5)
    }
    model.dispose()
  })

  it('does not touch running statistics in inference', () => {
    const network = tinyNetwork(resnet8)
    const model = createModel(network, 1)
    const x = images(network, 2)
    const first = logitsOf(model, x, { training: false })
    expect(logitsOf(model, x, { training: false })).toEqual(first)
    expect(numbers(model.variables.get('stem.bn.mean'))).toEqual([0, 0])
    model.dispose()
  })

  it('infers what it trained on when the running statistics are the batch’s own', () => {
    const batchNorm = { momentum: 1, epsilon: 0.01 }
    const network = tinyNetwork({ ...resnet8, backbone: { ...resnet8.backbone, batchNorm }, side: 16 })
    const model = createModel(network, 1)
    const x = images(network, 8)
    const trained = logitsOf(model, x, { training: true })
    // Undo the unbiased estimate, layer by layer: every batch norm here follows a convolution.
    for (const { name, shape } of network.nodes.filter(({ operation }) => operation.kind === 'batch-norm')) {
      const [height = 1, width = 1] = shape
      const count = 8 * height * width
      const variance = model.variables.get(`${name}.variance`)
      variance?.assign(tf.mul(variance, (count - 1) / count))
    }
    const inferred = logitsOf(model, x, { training: false })
    for (const [index, value] of trained.entries()) expect(inferred[index]).toBeCloseTo(value, 4)
    model.dispose()
  })
})

describe('dropout in a model', () => {
  it('is off in inference and follows the step in training', () => {
    const network = tinyNetwork({
      backbone: { ...vgg, classifier: 'mlp' },
      head: { name: 'linear' },
      side: 16,
    })
    const model = createModel(network, 1)
    const x = images(network, 4)
    const last = (step: number) => logitsOf(model, x, { training: true, step }).slice(-20)
    expect(last(3)).toEqual(last(3))
    expect(last(4)).not.toEqual(last(3))
    const inferred = logitsOf(model, x, { training: false })
    expect(logitsOf(model, x, { training: false })).toEqual(inferred)
    model.dispose()
  })
})

describe('gradient scales', () => {
  const network = tinyNetwork(resnet8)
  const x = () => images(network, 2)

  /** Gradients by parameter of a loss of the exits' logits. */
  function gradientsOf(
    model: Model,
    loss: (logits: readonly tf.Tensor2D[]) => tf.Scalar,
    gradientScales?: readonly GradientScale[],
  ): Map<string, number[]> {
    const entries: [string, number[]][] = []
    tf.tidy(() => {
      const batch = x()
      const names = model.parameters.filter(({ trainable }) => trainable).map(({ name }) => name)
      const variables = names.map((name) => model.variables.get(name) as tf.Variable)
      const { value, gradients } = variableGradients(() => {
        const outputs = model.forward(batch, { training: true, gradientScales })
        return loss(outputs.map(({ logits }) => logits))
      }, variables)
      value.dispose()
      for (const [i, name] of names.entries()) {
        entries.push([name, numbers(gradients[variables[i]?.name ?? ''] ?? tf.scalar(0))])
      }
    })
    return new Map(entries)
  }

  const one = (k: number) => (logits: readonly tf.Tensor2D[]) =>
    lossOf([{ logits: logits[k] as tf.Tensor2D }])
  const all = (logits: readonly tf.Tensor2D[]) => lossOf(logits.map((z) => ({ logits: z })))

  it('weigh what head and backbone send back where an exit stands', () => {
    const model = createModel(network, 1)
    const before = tf.memory().numTensors
    const scales = [
      { head: 0.25, onward: 3 },
      { head: 0.5, onward: 2 },
      { head: 1, onward: 1 },
    ]
    const found = gradientsOf(model, all, scales)
    const alone = [0, 1, 2].map((k) => gradientsOf(model, one(k)))
    // What exit k's loss has passed on its way to a stage: its own head's factor, and the junctions behind the stage.
    const factors: Record<string, readonly number[]> = {
      stem: [0.25, 3 * 0.5, 3 * 2],
      stage1: [0.25, 3 * 0.5, 3 * 2],
      stage2: [0, 0.5, 2],
      stage3: [0, 0, 1],
      head1: [1, 0, 0],
      head2: [0, 1, 0],
      head3: [0, 0, 1],
    }
    for (const { name, trainable } of model.parameters) {
      if (!trainable) continue
      const factor = factors[name.split('.')[0] ?? ''] ?? factors.stem ?? []
      found.get(name)?.forEach((value, i) => {
        const expected = alone.reduce((sum, gradients, k) => {
          return sum + (factor[k] ?? 0) * (gradients.get(name)?.[i] ?? gradients.get(name)?.[0] ?? 0)
        }, 0)
        expect(value, name).toBeCloseTo(expected, 5)
      })
    }
    expect(tf.memory().numTensors).toBe(before)
    model.dispose()
  })

  it('of 1 change no bit', () => {
    const model = createModel(network, 1)
    const ones = network.exits.map(() => ({ head: 1, onward: 1 }))
    expect(gradientsOf(model, all, ones)).toEqual(gradientsOf(model, all))
    model.dispose()
  })
})

describe('sums of logits', () => {
  const plain = tinyNetwork(resnet8)
  const summing = withLogitSums(plain, [[1], [0.5, 1], [0.25, 0.5, 1]])

  it('are what exits predict by, and training sees each exit’s own', () => {
    const models = [createModel(plain, 1), createModel(summing, 1)] as const
    const x = images(plain, 2)
    const own = logitsOf(models[0], x, { training: false })
    const sums = logitsOf(models[1], x, { training: false })
    const perExit = 2 * 5
    for (let i = 0; i < perExit; i++) {
      const [a = 0, b = 0, c = 0] = [0, 1, 2].map((k) => own[k * perExit + i])
      expect(sums[i]).toBeCloseTo(a, 6)
      expect(sums[perExit + i]).toBeCloseTo(0.5 * a + b, 6)
      expect(sums[2 * perExit + i]).toBeCloseTo(0.25 * a + 0.5 * b + c, 6)
    }
    expect(logitsOf(models[1], x, { training: true })).toEqual(logitsOf(models[0], x, { training: true }))
    for (const model of models) model.dispose()
    x.dispose()
  })

  it('cost the heads that they read, also where an exit is asked alone', () => {
    const [without, withSums] = [exitCosts(plain, 'macs'), exitCosts(summing, 'macs')]
    expect(withSums.map(({ isolatedMacs }) => isolatedMacs)).toEqual(
      without.map(({ sequentialMacs }) => sequentialMacs),
    )
    expect(withSums.map(({ sequentialMacs }) => sequentialMacs)).toEqual(
      without.map(({ sequentialMacs }) => sequentialMacs),
    )
    expect(withSums.map(({ parametersIsolated }) => parametersIsolated)).toEqual(
      without.map(({ parametersSequential }) => parametersSequential),
    )
  })
})
