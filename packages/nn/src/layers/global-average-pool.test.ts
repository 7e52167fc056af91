import '@tensorflow/tfjs-backend-cpu'
import '../gradients/register.ts'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { globalAveragePool } from './global-average-pool.ts'

beforeAll(async () => {
  await tf.setBackend('cpu')
})

function numbers(tensor: tf.Tensor): number[] {
  return [...tensor.dataSync()]
}

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
