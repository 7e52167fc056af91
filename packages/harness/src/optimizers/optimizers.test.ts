import { openBackend } from '@mate-bench/backends'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, expect, it } from 'vitest'
import type { TrainableParameter } from './optimizer.ts'
import { createOptimizer, optimizerOptions } from './registry.ts'

beforeAll(async () => {
  await openBackend('cpu')
})

function setUp(options: unknown, others: readonly TrainableParameter[] = []) {
  const variables = tf.tidy(() => ({
    kernel: tf.variable(tf.tensor1d([1, -2])),
    bias: tf.variable(tf.tensor1d([0.5])),
  }))
  const parameters: TrainableParameter[] = [
    { name: 'kernel', variable: variables.kernel, decay: true },
    ...others,
    { name: 'bias', variable: variables.bias, decay: false },
  ]
  const optimizer = createOptimizer(optimizerOptions.parse(options), parameters)
  const step = (kernel: number[], bias: number[], learningRate: number) => {
    const gradients = { kernel: tf.tensor1d(kernel), bias: tf.tensor1d(bias) }
    optimizer.apply(gradients, learningRate)
    tf.dispose(gradients)
  }
  const values = () => [...variables.kernel.dataSync(), ...variables.bias.dataSync()]
  return { step, values, optimizer, parameters }
}

function expectClose(found: number[], expected: number[]) {
  expect(found).toHaveLength(expected.length)
  found.forEach((value, i) => {
    expect(value).toBeCloseTo(expected[i] ?? Number.NaN, 5)
  })
}

it('sgd follows velocity and decays kernels only', () => {
  const { step, values } = setUp({ name: 'sgd', learningRate: 1, momentum: 0.5, weightDecay: 0.1 })
  // g = 2 + 0.1 * 1 = 2.1, v = 2.1, w = 1 - 0.1 * 2.1; second kernel value: g = 1 - 0.2 = 0.8
  step([2, 1], [4], 0.1)
  expectClose(values(), [0.79, -2.08, 0.1])
  // g = 0 + 0.1 * 0.79 = 0.079, v = 0.5 * 2.1 + 0.079 = 1.129; -2.08: g = -0.208, v = 0.4 - 0.208 = 0.192; bias v = 2
  step([0, 0], [0], 0.1)
  expectClose(values(), [0.79 - 0.1129, -2.08 - 0.0192, 0.1 - 0.2])
})

it('sgd looks ahead with Nesterov', () => {
  const { step, values } = setUp({
    name: 'sgd',
    learningRate: 1,
    momentum: 0.5,
    weightDecay: 0,
    nesterov: true,
  })
  step([2, 0], [0], 0.1) // v = 2, direction = 2 + 0.5 * 2 = 3
  expectClose(values(), [0.7, -2, 0.5])
})

it('sgd decays biases and batch norm where the parameter says so', () => {
  const { step, values } = setUp({ name: 'sgd', learningRate: 1, momentum: 0, weightDecay: 0.1 })
  step([0, 0], [0], 1)
  expectClose(values(), [0.9, -1.8, 0.5])
})

it('adam makes the paper’s first and second step', () => {
  const { step, values } = setUp({ name: 'adam', learningRate: 1, beta1: 0.9, beta2: 0.99, epsilon: 1e-8 })
  step([3, -0.01], [0], 0.1) // m_hat / sqrt(v_hat) is the sign of the gradient
  expectClose(values(), [0.9, -1.9, 0.5])
  step([1, -0.01], [0], 0.1)
  const m = (0.9 * 0.3 + 0.1) / (1 - 0.81)
  const v = (0.99 * 0.09 + 0.01) / (1 - 0.9801)
  expectClose(values(), [0.9 - (0.1 * m) / Math.sqrt(v), -1.8, 0.5])
})

it.each(['sgd', 'adam'])('%s leaves no tensor behind and frees its state', (name) => {
  const before = tf.memory().numTensors
  const { step, optimizer } = setUp({ name, learningRate: 0.1 })
  step([1, 1], [1], 0.1)
  const after = tf.memory().numTensors
  for (let i = 0; i < 5; i++) step([1, 1], [1], 0.1)
  expect(tf.memory().numTensors).toBe(after)
  optimizer.dispose()
  expect(tf.memory().numTensors).toBe(before + 2)
})

it.each([
  { name: 'sgd', learningRate: 1, momentum: 0.5, weightDecay: 0.1 },
  { name: 'adam', learningRate: 1, weightDecay: 0.1 },
])('$name leaves a parameter without a gradient as it is, and its state', async (options) => {
  const other = tf.tidy(() => tf.variable(tf.tensor1d([7, 8])))
  const { step, values, optimizer, parameters } = setUp(options, [
    { name: 'other', variable: other, decay: true },
  ])
  const twin = setUp(options)
  for (const [kernel, bias] of [
    [[2, 1], [4]],
    [[-1, 0.5], [3]],
  ] as const) {
    step([...kernel], [...bias], 0.1)
    twin.step([...kernel], [...bias], 0.1)
  }
  expect(values()).toEqual(twin.values())
  expect([...other.dataSync()]).toEqual([7, 8])
  for (const [name, part] of optimizer.state) {
    if (name.endsWith('/other')) expect(Array.from(await part.data())).toEqual([0, 0])
  }
  expect(parameters).toHaveLength(3)
})

it('goes on from the state that it gives, by name and shape', async () => {
  const options = { name: 'adam', learningRate: 1 }
  const [first, second] = [setUp(options), setUp(options)]
  first.step([3, -1], [2], 0.1)
  second.step([0.5, 0.5], [0.5], 0.1)
  const names = [...first.optimizer.state.keys()]
  expect(names).toEqual(['step', 'first/kernel', 'second/kernel', 'first/bias', 'second/bias'])
  for (const [name, part] of first.optimizer.state) {
    const target = second.optimizer.state.get(name)
    expect(target?.shape).toEqual(part.shape)
    target?.write(Float32Array.from(await part.data()))
  }
  first.parameters.forEach(({ variable }, i) => {
    second.parameters[i]?.variable.assign(variable)
  })
  first.step([1, 2], [-1], 0.1)
  second.step([1, 2], [-1], 0.1)
  expect(second.values()).toEqual(first.values())
})

it('moves parameters that are too many for one vector', () => {
  const size = 600_000
  const parameters = ['a', 'b', 'c'].map((name, i) => ({
    name,
    variable: tf.tidy(() => tf.variable(tf.fill([2, size / 2], i))),
    decay: true,
  }))
  const optimizer = createOptimizer(
    optimizerOptions.parse({ name: 'sgd', learningRate: 1, momentum: 0.5, weightDecay: 0 }),
    parameters,
  )
  const gradients = tf.tidy(() => ({
    a: tf.fill([2, size / 2], 1),
    b: tf.fill([2, size / 2], 2),
    c: tf.fill([2, size / 2], 4),
  }))
  optimizer.apply(gradients, 0.5)
  optimizer.apply(gradients, 0.5)
  // After two steps w = w_0 - 0.5 (g + 1.5 g).
  for (const [i, { variable }] of parameters.entries()) {
    const values = variable.dataSync()
    expect([values[0], values[size - 1]]).toEqual([i - 1.25 * 2 ** i, i - 1.25 * 2 ** i])
  }
  tf.dispose([...parameters.map(({ variable }) => variable), ...Object.values(gradients)])
  optimizer.dispose()
})

it('sgd leaves the step to a kernel of the backend where there is one, with the velocity end to end', () => {
  const calls: string[][] = []
  const { kernelFunc: add } = tf.getKernel('Add', 'cpu')
  tf.registerKernel({
    kernelName: 'SgdStep',
    backendName: 'cpu',
    // Moves nothing by its own arithmetic: weights become w + g, the velocity doubles.
    kernelFunc: ({ inputs, backend, attrs }) => {
      calls.push([...Object.keys(inputs), JSON.stringify(attrs)])
      const sum = (a: string, b: string) =>
        add({ inputs: { a: inputs[a], b: inputs[b] } as tf.NamedTensorInfoMap, backend }) as tf.TensorInfo
      const parameters = Object.keys(inputs).filter((name) => name.startsWith('w')).length
      const moved = Array.from({ length: parameters }, (_, n) => sum(`w${n}`, `g${n}`))
      return inputs.velocity ? [...moved, sum('velocity', 'velocity')] : moved
    },
  })
  try {
    const { step, values } = setUp({ name: 'sgd', learningRate: 1, weightDecay: 0.1, nesterov: true })
    const before = tf.memory().numTensors
    step([3, 4], [5], 0.25)
    expectClose(values(), [4, 2, 5.5])
    expect(tf.memory().numTensors).toBe(before)
    const options = (weightDecay: number) =>
      JSON.stringify({ learningRate: 0.25, momentum: 0.9, nesterov: true, weightDecay })
    expect(calls).toEqual([
      ['w0', 'g0', 'velocity', options(0.1)],
      ['w0', 'g0', 'velocity', options(0)],
    ])
    const plain = setUp({ name: 'sgd', learningRate: 1, momentum: 0 })
    plain.step([1, 1], [1], 1)
    expect(calls.at(-1)?.slice(0, 2)).toEqual(['w0', 'g0'])
    expect(calls.at(-1)).toHaveLength(3)
  } finally {
    tf.unregisterKernel('SgdStep', 'cpu')
  }
})
