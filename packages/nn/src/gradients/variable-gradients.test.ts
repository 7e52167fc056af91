import '@tensorflow/tfjs-backend-cpu'
import './register.ts'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { variableGradients } from './variable-gradients.ts'

beforeAll(async () => {
  await tf.setBackend('cpu')
})

function numbers(gradients: Readonly<Record<string, tf.Tensor>>, variable: tf.Variable): number[] {
  return [...(gradients[variable.name]?.dataSync() ?? [])]
}

describe('variableGradients', () => {
  it('adds up what all readers of a tensor send back', () => {
    const [a, b] = tf.tidy(() => [tf.variable(tf.tensor1d([2, -3])), tf.variable(tf.tensor1d([5, 7]))])
    // L = sum(a b + a^2 + 4 a - b): dL/da = b + 2 a + 4, dL/db = a - 1
    const { value, gradients } = variableGradients(
      () => tf.sum(tf.addN([tf.mul(a, b), tf.square(a), tf.mul(a, 4), tf.neg(b)])),
      [a, b],
    )
    expect([...value.dataSync()]).toEqual([2 * 5 + 4 + 8 - 5 + (-3 * 7 + 9 - 12 - 7)])
    expect(numbers(gradients, a)).toEqual([5 + 4 + 4, 7 - 6 + 4])
    expect(numbers(gradients, b)).toEqual([2 - 1, -3 - 1])
    tf.dispose([a, b, value, gradients])
  })

  it('keeps a gradient that a kernel hands on to several inputs until the last has read it', () => {
    const [a, b] = tf.tidy(() => [tf.variable(tf.scalar(3)), tf.variable(tf.scalar(4))])
    const sum = tf.customGrad((x, y) => ({
      value: tf.add(x as tf.Tensor, y as tf.Tensor),
      gradFunc: (dy) => [dy, dy],
    }))
    // L = (a^2 + b^2) 2: dL/da = 4 a, dL/db = 4 b
    const { gradients } = variableGradients(
      () => tf.mul<tf.Scalar>(sum(tf.square(a), tf.square(b)), 2),
      [a, b],
    )
    expect([numbers(gradients, a), numbers(gradients, b)]).toEqual([[12], [16]])
    tf.dispose([a, b, gradients])
  })

  it('takes an output of several that nobody reads for one without a gradient', () => {
    const a = tf.tidy(() => tf.variable(tf.tensor1d([1, 2, 3, 4])))
    const { gradients } = variableGradients(() => tf.sum(tf.square(tf.split(a, 2)[1] as tf.Tensor)), [a])
    expect(numbers(gradients, a)).toEqual([0, 0, 6, 8])
    tf.dispose([a, gradients])
  })

  it('gives nothing for a variable that the loss does not depend on', () => {
    const [a, b] = tf.tidy(() => [tf.variable(tf.scalar(3)), tf.variable(tf.scalar(4))])
    const { gradients } = variableGradients(() => tf.square<tf.Scalar>(a), [a, b])
    expect(Object.keys(gradients)).toEqual([a.name])
    tf.dispose([a, b, gradients])
  })

  it('holds few gradients at once, and leaves nothing but its results', () => {
    const a = tf.tidy(() => tf.variable(tf.ones([1000])))
    const before = tf.memory().numTensors
    let most = 0
    const watched = tf.customGrad((x) => ({
      value: tf.clone(x as tf.Tensor),
      gradFunc: (dy) => {
        most = Math.max(most, tf.memory().numTensors)
        return tf.clone(dy)
      },
    }))
    const { value, gradients } = variableGradients(() => {
      let x: tf.Tensor = a
      for (let i = 0; i < 50; i++) x = watched(tf.mul(x, 1.01))
      most = 0
      return tf.sum(x)
    }, [a])
    // What the tape saved for 50 products is there when the first gradient is computed, and no more than that later.
    expect(most - before).toBeLessThan(110)
    expect(tf.memory().numTensors).toBe(before + 2)
    tf.dispose([a, value, gradients])
  })

  it('leaves nothing behind when the loss fails', () => {
    const a = tf.tidy(() => tf.variable(tf.scalar(3)))
    const before = tf.memory().numTensors
    expect(() =>
      variableGradients(() => {
        tf.square(tf.square(a))
        throw new Error('as the loss does')
      }, [a]),
    ).toThrow('as the loss does')
    expect(tf.memory().numTensors).toBe(before)
    const { value, gradients } = variableGradients(() => tf.square<tf.Scalar>(a), [a])
    expect(numbers(gradients, a)).toEqual([6])
    tf.dispose([a, value, gradients])
  })
})
