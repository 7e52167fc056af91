import '@tensorflow/tfjs-backend-cpu'
import '../gradients/register.ts'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { convolution, scaledConvolution } from './convolution.ts'

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
