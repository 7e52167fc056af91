import '@tensorflow/tfjs-backend-cpu'
import '../gradients/register.ts'
import { createRandom } from '@mate-bench/stats'
import * as tf from '@tensorflow/tfjs-core'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import {
  batchNormTraining,
  batchNormTrainingForward,
  batchNormTrainingGradient,
  batchNormTrainingGradKernel,
  batchNormTrainingKernel,
  foldBatchNorm,
} from './batch-norm.ts'

const epsilon = 1e-3
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
    dy: tf.tensor4d(weights, [2, 3, 2, channels]),
  }
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
    const { x, gamma, beta, dy } = tensors()
    const y = batchNormTraining(x, gamma, beta, { epsilon, relu })
    expect(tf.sum(tf.mul(y, dy)).dataSync()[0]).toBeCloseTo(weightedOutput(values, weights, relu), 4)
  })

  it('has the gradients that central differences have', () => {
    const { x, gamma, beta, dy } = tensors()
    const gradients = tf.grads((...args: tf.Tensor[]) => {
      const [a, b, c] = args as [tf.Tensor4D, tf.Tensor1D, tf.Tensor1D]
      return batchNormTraining(a, b, c, { epsilon, relu })
    })([x, gamma, beta], dy)
    for (const [index, name] of (['x', 'gamma', 'beta'] as const).entries()) {
      expectClose(gradients[index] as tf.Tensor, centralDifferences(name, relu))
    }
  })
})

describe('batchNormTraining', () => {
  it('hands out the mean, the biased variance and the count', () => {
    const { gamma, beta } = tensors()
    const x = tf.tensor2d([1, 10, 3, 30], [2, 2])
    let seen: unknown
    batchNormTraining(x, tf.slice(gamma, 0, 2), tf.slice(beta, 0, 2), {
      epsilon,
      relu: false,
      onStatistics: (mean, variance, count) => {
        seen = [[...mean.dataSync()], [...variance.dataSync()], count]
      },
    })
    expect(seen).toEqual([[2, 20], [1, 100], 2])
  })

  it('leaves no tensor behind but its output', () => {
    const { x, gamma, beta } = tensors()
    const before = tf.memory().numTensors
    const y = batchNormTraining(x, gamma, beta, { epsilon, relu: true })
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
        const { x, gamma, beta } = inputs as Record<string, tf.Tensor>
        const opts = attrs as unknown as { epsilon: number; relu: boolean }
        const out = batchNormTrainingForward(x as tf.Tensor, gamma as tf.Tensor1D, beta as tf.Tensor1D, opts)
        return [out.y, out.mean, out.variance, out.inverseStd]
      },
    })
    tf.registerKernel({
      kernelName: batchNormTrainingGradKernel,
      backendName: 'cpu',
      kernelFunc: ({ inputs, attrs }) => {
        calls.push([Object.keys(inputs).sort(), attrs])
        const typed = inputs as unknown as Parameters<typeof batchNormTrainingGradient>[0]
        return batchNormTrainingGradient(typed, attrs as unknown as { relu: boolean })
      },
    })
    const { x, gamma, beta, dy } = tensors()
    const [dx] = tf.grads((...args: tf.Tensor[]) => {
      const [a, b, c] = args as [tf.Tensor4D, tf.Tensor1D, tf.Tensor1D]
      return batchNormTraining(a, b, c, { epsilon, relu: true })
    })([x, gamma, beta], dy)
    expectClose(dx as tf.Tensor, centralDifferences('x', true))
    expect(calls).toEqual([
      [['beta', 'gamma', 'x'], { epsilon, relu: true }],
      [['beta', 'dy', 'gamma', 'inverseStd', 'mean', 'x'], { relu: true }],
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
