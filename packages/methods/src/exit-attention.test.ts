import { createRandom } from '@mate-bench/stats'
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { createExitAttention, defaultKeyDimension } from './exit-attention.ts'

function attend(scaled: boolean, features: number[][]): number[][] {
  const attention = createExitAttention({
    featureWidth: 4,
    keyDimension: 4,
    scaled,
    random: createRandom(1, 'test'),
  })
  const weights = tf.tidy(() => {
    const identity = tf.eye(4)
    for (const { variable } of attention.parameters) variable.assign(identity)
    return attention.weights(features.map((feature) => tf.tensor2d([feature]))).arraySync()
  })
  for (const { variable } of attention.parameters) variable.dispose()
  return weights[0] ?? []
}

test('with identity maps, scores are the features’ dot products, halved for d = 4 where scaled', () => {
  // q_1 . k_1 = 2 ln 3, all other products are 0.
  const first = [Math.sqrt(2 * Math.log(3)), 0, 0, 0]
  const [unscaled, second] = attend(false, [first, [0, 0, 0, 0]])
  const [scaled] = attend(true, [first, [0, 0, 0, 0]])
  expect(unscaled?.[0]).toBeCloseTo(9 / 10, 6)
  expect(scaled?.[0]).toBeCloseTo(3 / 4, 6)
  expect(second).toEqual([0.5, 0.5])
})

test('keys are an eighth of the feature width, and at least one number wide', () => {
  expect([64, 20, 8, 5].map(defaultKeyDimension)).toEqual([8, 2, 1, 1])
})
