import '@tensorflow/tfjs-backend-cpu'
import '../gradients/register.ts'
import { createRandom } from '@mate-bench/stats'
import * as tf from '@tensorflow/tfjs-core'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import {
  type BatchNormGradientInputs,
  type BatchNormParameters,
  batchNormTraining,
  batchNormTrainingForward,
  batchNormTrainingGradient,
  batchNormTrainingGradKernel,
  batchNormTrainingKernel,
  foldBatchNorm,
} from './batch-norm.ts'

const epsilon = 1e-3
const momentum = 0.1
const [rows, channels] = [2 * 3 * 2, 3]

/** Plain float64 batch norm over rows of channels, and the weighted sum of what it gives. */
function weightedOutput(
  values: { x: number[]; gamma: number[]; beta: number[] },
  weights: number[],
  relu: boolean,
): number {
  let sum = 0
  for (let c = 0; c < channels; c++) {
    const column = Array.from({ length: rows }, (_, r) => values.x[r * channels + c] ?? 0)
    const mean = column.reduce((a, b) => a + b) / rows
    const variance = column.reduce((a, b) => a + (b - mean) ** 2, 0) / rows
    for (const [r, value] of column.entries()) {
      const normalised = (value - mean) / Math.sqrt(variance + epsilon)
      const y = normalised * (values.gamma[c] ?? 0) + (values.beta[c] ?? 0)
      sum += (weights[r * channels + c] ?? 0) * (relu ? Math.max(0, y) : y)
    }
  }
  return sum
}

function numbers(count: number, stream: string): number[] {
  const random = createRandom(7, stream)
  return Array.from({ length: count }, () => random.normal())
}

const values = {
  x: numbers(rows * channels, 'x').map((value, i) => 2 * value + (i % channels)),
  gamma: numbers(channels, 'gamma'),
  beta: numbers(channels, 'beta'),
}
const weights = numbers(rows * channels, 'weights')

function tensors() {
  return {
    x: tf.tensor4d(values.x, [2, 3, 2, channels]),
    gamma: tf.tensor1d(values.gamma),
    beta: tf.tensor1d(values.beta),
    mean: tf.zeros<tf.Rank.R1>([channels]),
    variance: tf.ones<tf.Rank.R1>([channels]),
    dy: tf.tensor4d(weights, [2, 3, 2, channels]),
  }
}

/** Of x, gamma and beta. */
function gradientsOf(relu: boolean): tf.Tensor[] {
  const { x, gamma, beta, mean, variance, dy } = tensors()
  return tf.grads((...args: tf.Tensor[]) => {
    const [a, b, c] = args as [tf.Tensor4D, tf.Tensor1D, tf.Tensor1D]
    return batchNormTraining(a, { gamma: b, beta: c, mean, variance }, { epsilon, momentum, relu })
  })([x, gamma, beta], dy)
}

function centralDifferences(name: 'x' | 'gamma' | 'beta', relu: boolean): number[] {
  const step = 1e-5
  return values[name].map((value, index) => {
    const at = (moved: number) =>
      weightedOutput({ ...values, [name]: values[name].with(index, moved) }, weights, relu)
    return (at(value + step) - at(value - step)) / (2 * step)
  })
}

function expectClose(actual: tf.Tensor, expected: readonly number[]): void {
  const got = [...actual.dataSync()]
  expect(got).toHaveLength(expected.length)
  for (const [index, value] of expected.entries()) expect(got[index]).toBeCloseTo(value, 3)
}

beforeAll(async () => {
  await tf.setBackend('cpu')
})

describe.each([{ relu: false }, { relu: true }])('batchNormTraining, relu $relu', ({ relu }) => {
  it('normalises each channel of the batch', () => {
    const { x, dy, ...parameters } = tensors()
    const y = batchNormTraining(x, parameters, { epsilon, momentum, relu })
    expect(tf.sum(tf.mul(y, dy)).dataSync()[0]).toBeCloseTo(weightedOutput(values, weights, relu), 4)
  })

  it('has the gradients that central differences have', () => {
    const gradients = gradientsOf(relu)
    for (const [index, name] of (['x', 'gamma', 'beta'] as const).entries()) {
      expectClose(gradients[index] as tf.Tensor, centralDifferences(name, relu))
    }
  })
})

describe('batchNormTraining', () => {
  it('hands out the running statistics, moved by momentum towards mean and unbiased variance', () => {
    const x = tf.tensor2d([1, 10, 3, 30], [2, 2])
    const [gamma, beta] = [tf.ones<tf.Rank.R1>([2]), tf.zeros<tf.Rank.R1>([2])]
    const [mean, variance] = [tf.tensor1d([4, 8]), tf.tensor1d([1, 2])]
    let seen: unknown
    batchNormTraining(
      x,
      { gamma, beta, mean, variance },
      {
        epsilon,
        momentum: 0.25,
        relu: false,
        onMoved: (movedMean, movedVariance) => {
          seen = [[...movedMean.dataSync()], [...movedVariance.dataSync()]]
        },
      },
    )
    // The batch has means 2 and 20, unbiased variances 2 and 200.
    expect(seen).toEqual([
      [3 + 0.5, 6 + 5],
      [0.75 + 0.5, 1.5 + 50],
    ])
  })

  it('leaves no tensor behind but its output', () => {
    const { x, ...parameters } = tensors()
    const before = tf.memory().numTensors
    const y = batchNormTraining(x, parameters, { epsilon, momentum, relu: true })
    expect(tf.memory().numTensors).toBe(before + 1)
    y.dispose()
  })
})

describe('a backend with kernels of its own', () => {
  afterEach(() => {
    tf.unregisterKernel(batchNormTrainingKernel, 'cpu')
    tf.unregisterKernel(batchNormTrainingGradKernel, 'cpu')
  })

  it('is used for the forward pass and for the gradient, by the documented contract', () => {
    const calls: unknown[] = []
    tf.registerKernel({
      kernelName: batchNormTrainingKernel,
      backendName: 'cpu',
      kernelFunc: ({ inputs, attrs }) => {
        calls.push([Object.keys(inputs).sort(), attrs])
        const { x, ...parameters } = inputs as unknown as BatchNormParameters & { x: tf.Tensor }
        const out = batchNormTrainingForward(x, parameters, attrs as never)
        return [out.y, out.mean, out.variance, ...out.saved]
      },
    })
    tf.registerKernel({
      kernelName: batchNormTrainingGradKernel,
      backendName: 'cpu',
      kernelFunc: ({ inputs, attrs }) => {
        calls.push([Object.keys(inputs).sort(), attrs])
        const { saved0, saved1, ...rest } = inputs as Record<string, tf.Tensor>
        const named = { ...rest, saved: [saved0, saved1] } as unknown as BatchNormGradientInputs
        return batchNormTrainingGradient(named, attrs as unknown as { relu: boolean })
      },
    })
    const [dx] = gradientsOf(true)
    expectClose(dx as tf.Tensor, centralDifferences('x', true))
    expect(calls).toEqual([
      [['beta', 'gamma', 'mean', 'variance', 'x'], { epsilon, momentum, relu: true }],
      [['beta', 'dy', 'gamma', 'saved0', 'saved1', 'x', 'y'], { epsilon, relu: true }],
    ])
  })
})

describe('foldBatchNorm', () => {
  it('gives the multiplier and shift of the running statistics', () => {
    const { scale, shift } = foldBatchNorm(
      {
        gamma: tf.tensor1d([2]),
        beta: tf.tensor1d([5]),
        mean: tf.tensor1d([3]),
        variance: tf.tensor1d([15]),
      },
      1,
    )
    // (x - 3) / sqrt(15 + 1) * 2 + 5 = 0.5 x + 3.5
    expect([scale.dataSync()[0], shift.dataSync()[0]]).toEqual([0.5, 3.5])
  })
})
