import '@tensorflow/tfjs-backend-cpu'
import '../gradients/register.ts'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { upsample } from './upsample.ts'

beforeAll(async () => {
  await tf.setBackend('cpu')
})

function numbers(tensor: tf.Tensor): number[] {
  return [...tensor.dataSync()]
}

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
