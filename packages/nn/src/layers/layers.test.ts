import '@tensorflow/tfjs-backend-cpu'
import '../gradients/register.ts'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { convolution, scaledConvolution } from './convolution.ts'
import { dropout } from './dropout.ts'
import { globalAveragePool } from './global-average-pool.ts'
import { upsample } from './upsample.ts'

beforeAll(async () => {
  await tf.setBackend('cpu')
})

function numbers(tensor: tf.Tensor): number[] {
  return [...tensor.dataSync()]
}

describe('convolution', () => {
  const x = () => tf.tensor4d([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16], [1, 4, 4, 1])
  const ones = () => tf.ones<tf.Rank.R4>([3, 3, 1, 1])

  it('pads on every side: with stride 2 the windows of a 3x3 kernel stand where other frameworks put them', () => {
    const conv = { kind: 'conv', filters: 1, kernel: 3, stride: 2, padding: 1, bias: false } as const
    // Windows centred on pixels (0,0), (0,2), (2,0), (2,2); TensorFlow's "same" would centre them on (1,1), (1,3), ...
    expect(numbers(convolution(x(), ones(), conv))).toEqual([14, 30, 57, 99])
    expect(numbers(convolution(x(), ones(), { ...conv, padding: 'same' }))).toEqual([54, 45, 72, 54])
    expect(numbers(convolution(x(), ones(), { ...conv, padding: 0 }))).toEqual([54])
  })

  it.each(['conv', 'depthwise-conv'] as const)(
    '%s with multiplier, shift and ReLU equals the three in a row',
    (kind) => {
      const input = tf.sin(tf.reshape<tf.Rank.R4>(tf.range(0, 72), [1, 6, 6, 2]))
      const kernel = tf.cos(tf.reshape<tf.Rank.R4>(tf.range(0, 18), [3, 3, 2, 1]))
      const common = { kernel: 3, stride: 2, padding: 1, bias: false }
      const operation = kind === 'conv' ? { kind, filters: 1, ...common } : { kind, ...common }
      const [scale, shift] =
        kind === 'conv'
          ? [[-1.5], [0.25]]
          : [
              [-1.5, 2],
              [0.25, -0.5],
            ]
      const plain = convolution(input, kernel, operation)
      const expected = tf.relu(tf.add(tf.mul(plain, tf.tensor1d(scale)), tf.tensor1d(shift)))
      const epilogue = { scale: tf.tensor1d(scale), shift: tf.tensor1d(shift), relu: true }
      const actual = numbers(scaledConvolution(input, kernel, operation, epilogue))
      for (const [index, value] of numbers(expected).entries()) expect(actual[index]).toBeCloseTo(value, 5)
    },
  )
})

describe('upsample', () => {
  it('weighs by the distance of pixel centres, edges repeated', () => {
    const x = tf.tensor4d([0, 4], [1, 1, 2, 1])
    expect(numbers(upsample(x, 1, 4))).toEqual([0, 1, 3, 4])
    expect(upsample(x, 3, 5).shape).toEqual([1, 3, 5, 1])
  })

  it('goes along both axes and keeps channels apart', () => {
    const x = tf.tensor4d([0, 10, 4, 10, 8, 10, 12, 10], [1, 2, 2, 2])
    const y = upsample(x, 4, 4)
    expect(numbers(tf.slice(y, [0, 1, 0, 0], [1, 1, 4, 1]))).toEqual([2, 3, 5, 6])
    expect(new Set(numbers(tf.slice(y, [0, 0, 0, 1], [1, 4, 4, 1])))).toEqual(new Set([10]))
  })

  it('agrees with the resizing of tfjs where that is right', () => {
    const x = tf.cos(tf.reshape<tf.Rank.R4>(tf.range(0, 24), [1, 3, 4, 2]))
    const expected = numbers(tf.image.resizeBilinear(x, [7, 8], false, true))
    for (const [index, value] of numbers(upsample(x, 7, 8)).entries())
      expect(value).toBeCloseTo(expected[index] ?? 0, 5)
  })

  it('hands the gradient back in the same shares', () => {
    const gradient = tf.grad((x) => upsample(x as tf.Tensor4D, 1, 4))
    const dy = tf.tensor4d([1, 10, 100, 1000], [1, 1, 4, 1])
    const dx = numbers(gradient(tf.tensor4d([0, 4], [1, 1, 2, 1]), dy))
    expect(dx).toEqual([1 + 7.5 + 25, 2.5 + 75 + 1000])
  })
})

describe('globalAveragePool', () => {
  it('averages each channel over the map', () => {
    const x = tf.tensor4d([1, 10, 2, 20, 3, 30, 6, 60, 5, 5, 5, 5, 5, 5, 5, 5], [2, 2, 2, 2])
    expect(numbers(globalAveragePool(x))).toEqual([3, 30, 5, 5])
  })

  it('spreads the gradient evenly', () => {
    const dx = tf.grad((x) => globalAveragePool(x as tf.Tensor4D))(tf.zeros([1, 2, 2, 1]), tf.tensor2d([[8]]))
    expect(numbers(dx)).toEqual([2, 2, 2, 2])
  })
})

describe('dropout', () => {
  const draw = { seed: 3, stream: 'hidden1', step: 5 }

  it('drops about the share asked for and keeps the mean', () => {
    const kept = numbers(dropout(tf.ones([10_000]), 0.25, draw))
    expect(new Set(kept)).toEqual(new Set([0, Math.fround(1 / 0.75)]))
    const dropped = kept.filter((value) => value === 0).length
    // Five standard deviations of a binomial with 10,000 draws.
    expect(Math.abs(dropped - 2500)).toBeLessThan(5 * Math.sqrt(10_000 * 0.25 * 0.75))
  })

  it('draws the same mask for the same step and another for the next', () => {
    const mask = (step: number) => numbers(dropout(tf.ones([200]), 0.5, { ...draw, step }))
    expect(mask(5)).toEqual(mask(5))
    expect(mask(6)).not.toEqual(mask(5))
  })
})
