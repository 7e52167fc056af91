import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, expect, it } from 'vitest'
import { backboneOptions, describeNetwork, headOptions, withLogitSums } from './describe/index.ts'
import { createModel } from './model.ts'

beforeAll(async () => {
  await tf.setBackend('cpu')
})

const described = describeNetwork(
  {
    backbone: backboneOptions.parse({ name: 'resnet', depth: 8, width: 2 }),
    exits: [{ after: 'stage1' }, { after: 'stage2' }, { after: 'stage3' }],
    head: headOptions.parse({ name: 'eed' }),
  },
  { inputShape: [8, 8, 3], classes: 5 },
)

function someImages(): tf.Tensor4D {
  return tf.tensor4d(
    Float32Array.from({ length: 2 * 8 * 8 * 3 }, (_, i) => Math.sin(0.7 * i)),
    [2, 8, 8, 3],
  )
}

it.each([
  ['their own logits', described],
  ['sums of logits', withLogitSums(described, [[1], [0.25, 0.75], [0.2, 0.3, 0.5]])],
])('gives what all exits at once give, to the bit, and leaves nothing behind: %s', (_, network) => {
  const model = createModel(network, 3)
  const images = someImages()
  const expected = tf.tidy(() =>
    model.forward(images, { training: false }).map(({ logits }) => [...logits.dataSync()]),
  )
  const before = tf.memory().numTensors
  const inference = model.exitByExit(images)
  for (const logits of expected) expect([...(inference.next()?.dataSync() ?? [])]).toEqual(logits)
  expect(inference.next()).toBeUndefined()
  inference.dispose()
  expect(tf.memory().numTensors).toBe(before)
  expect(images.isDisposed).toBe(false)
  tf.dispose(images)
  model.dispose()
})

it('computes for an early exit only what leads to it', () => {
  const model = createModel(described, 3)
  const images = someImages()
  const inference = model.exitByExit(images)
  const [first, whole] = [1, 3].map((exits) => {
    const profile = tf.memory().numTensors
    for (let k = 0; k < exits; k++) inference.next()
    return tf.memory().numTensors - profile
  })
  expect(first).toBeGreaterThan(0)
  expect(whole).toBeGreaterThan(first ?? 0)
  inference.dispose()
  tf.dispose(images)
  model.dispose()
})
