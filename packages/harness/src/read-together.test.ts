import { openBackend } from '@mate-bench/backends'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, expect, it, vi } from 'vitest'
import { readTogether } from './read-together.ts'

beforeAll(async () => {
  await openBackend('cpu')
})

it('reads groups of scalars, vectors and matrices at once, and leaves no tensor behind', async () => {
  const [loss, norm] = [tf.scalar(3), tf.scalar(5)]
  const [correct, attention] = [tf.tensor1d([7, 8]), tf.tensor2d([1, 2, 3, 4], [2, 2])]
  const before = tf.memory().numTensors
  const reads = vi.spyOn(tf.backend(), 'read')
  const read = await readTogether({
    correct: [correct],
    loss: [loss],
    attention: [attention],
    norms: [norm, loss],
    none: [],
  })
  expect(read).toEqual({
    correct: [Float32Array.of(7, 8)],
    loss: [Float32Array.of(3)],
    attention: [Float32Array.of(1, 2, 3, 4)],
    norms: [Float32Array.of(5), Float32Array.of(3)],
    none: [],
  })
  expect(reads).toHaveBeenCalledTimes(1)
  expect(tf.memory().numTensors).toBe(before)
  tf.dispose([loss, norm, correct, attention])
})
