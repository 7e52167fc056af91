import '@mate-bench/nn/gradients'
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { constant, stopGradient } from './stop-gradient.ts'

/** df/dx at x = 3. */
function derivative(f: (x: tf.Scalar) => tf.Scalar): number | undefined {
  return tf.tidy(
    () =>
      tf
        .grad((x) => f(x as tf.Scalar))(tf.scalar(3))
        .dataSync()[0],
  )
}

test('x * stop(x) has the derivative x, not 2x', () => {
  expect(derivative((x) => tf.mul(x, stopGradient(x)))).toBe(3)
})

test('nothing computed inside `constant` is differentiated, not even what has no derivative', () => {
  expect(
    derivative((x) =>
      tf.mul(
        x,
        constant(() => tf.cast(tf.greater(tf.square(x), 2), 'float32')),
      ),
    ),
  ).toBe(1)
})

test('keeps the values and leaves no tensor behind', () => {
  const before = tf.memory().numTensors
  const x = tf.tensor1d([1, -2, 0.5])
  const stopped = stopGradient(x)
  expect([...stopped.dataSync()]).toEqual([1, -2, 0.5])
  tf.dispose([x, stopped])
  expect(tf.memory().numTensors).toBe(before)
})
