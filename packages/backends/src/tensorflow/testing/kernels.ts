import { createRandom } from '@mate-bench/stats'
import * as tf from '@tensorflow/tfjs-core'
import { expect } from 'vitest'
import { backendIdentity } from '../../identity.ts'

/** Whether there is a TensorFlow to test; CI names what must be there, so that skipping is a failure in it. */
export const tensorflowIsHere = backendIdentity('tensorflow') !== undefined
export const tensorflowIsRequired =
  process.env.MATE_BENCH_REQUIRE_BACKENDS?.split(',').includes('tensorflow') ?? false

export type Inputs = Readonly<Record<string, tf.Tensor>>
export type Four = [number, number, number, number]

/** Normal numbers named by `stream`. */
export function draw(shape: readonly number[], stream: string): tf.Tensor {
  const random = createRandom(3, stream)
  const values = Float32Array.from({ length: tf.util.sizeFromShape([...shape]) }, () => random.normal())
  return tf.tensor(values, [...shape])
}

/** Values of all outputs of a kernel on the current backend. */
export function computed(kernelName: string, inputs: () => Inputs, attrs: object = {}): Float32Array[] {
  return tf.tidy(() => {
    const y = tf
      .engine()
      .runKernel<tf.Tensor | tf.Tensor[]>(kernelName, { ...inputs() }, attrs as tf.NamedAttrMap)
    return (Array.isArray(y) ? y : [y]).map((tensor) => Float32Array.from(tensor.dataSync()))
  })
}

/** Largest difference, relative to the largest expected value. */
export function difference(found: Float32Array | undefined, expected: ArrayLike<number>): number {
  expect(found?.length).toBe(expected.length)
  let [largest, scale] = [0, 1e-6]
  for (let i = 0; i < expected.length; i++) {
    largest = Math.max(largest, Math.abs((found?.[i] ?? Number.NaN) - (expected[i] ?? 0)))
    scale = Math.max(scale, Math.abs(expected[i] ?? 0))
  }
  return largest / scale
}

/** Largest difference of tensorflow from cpu, by the largest value; checks that it gives the same bytes twice. */
export async function distance(kernelName: string, inputs: () => Inputs, attrs: object): Promise<number> {
  await tf.setBackend('tensorflow')
  const [found] = computed(kernelName, inputs, attrs)
  expect(computed(kernelName, inputs, attrs)).toEqual([found])
  await tf.setBackend('cpu')
  const [expected] = computed(kernelName, inputs, attrs)
  return difference(found, expected ?? [])
}
