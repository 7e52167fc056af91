import { createRandom } from '@mate-bench/stats'
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { createFeatureProjection, disposeParameters } from './feature-projection.ts'
import { toyContext } from './testing/expect-agreement.ts'

const context = (widths: number[]) => toyContext({ options: { name: 'joint' }, widths })
const random = () => createRandom(1, 'method-weights')

test('owns one map for each exit whose width differs from the last, named after the exit', () => {
  const projection = createFeatureProjection(context([16, 64, 32, 64]), random())
  expect(projection.parameters.map(({ name, variable }) => [name, variable.shape])).toEqual([
    ['projection1.weight', [16, 64]],
    ['projection3.weight', [32, 64]],
  ])
  disposeParameters(projection.parameters)
})

test('leaves features of the last exit’s width as they are and brings the others to it', () => {
  const before = tf.memory().numTensors
  const projection = createFeatureProjection(context([2, 3, 3]), random())
  const features = [tf.ones<tf.Rank.R2>([4, 2]), tf.ones<tf.Rank.R2>([4, 3]), tf.zeros<tf.Rank.R2>([4, 3])]
  const projected = projection.project(features)
  expect(projected.map((feature) => feature.shape)).toEqual([
    [4, 3],
    [4, 3],
    [4, 3],
  ])
  expect(projected[1]).toBe(features[1])
  tf.dispose([features, projected])
  disposeParameters(projection.parameters)
  expect(tf.memory().numTensors).toBe(before)
})

test('draws weights within 1 / sqrt(width), spread over that range', () => {
  const projection = createFeatureProjection(context([100, 50]), random())
  const weights = [...(projection.parameters[0]?.variable.dataSync() ?? [])]
  disposeParameters(projection.parameters)
  expect(weights).toHaveLength(5000)
  expect(Math.max(...weights.map(Math.abs))).toBeLessThanOrEqual(0.1)
  // A uniform variable on +-b has the standard deviation b / sqrt(3).
  const deviation = Math.sqrt(weights.reduce((a, w) => a + w * w, 0) / weights.length)
  expect(deviation).toBeCloseTo(0.1 / Math.sqrt(3), 2)
})
