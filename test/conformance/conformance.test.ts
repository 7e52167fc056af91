import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { openBackend } from '../../packages/backends/src/index.ts'
import { layerCases } from './cases.ts'
import { compareWithCpu, distance } from './compare.ts'
import { compareTraces } from './trace.ts'

describe('conformance', () => {
  beforeAll(async () => {
    await openBackend('cpu')
    await openBackend('wasm')
  })

  it('holds on wasm for a sample of the layers', async () => {
    // A step that shares no factor with the grid's sides meets every kernel, stride and padding.
    const sample = layerCases().filter((_, i) => i % 5 === 0)
    const results = await compareWithCpu('wasm', sample)
    expect(results.flatMap(({ failures }) => failures)).toEqual([])
    expect(results.reduce((sum, { cases }) => sum + cases, 0)).toBe(sample.length)
  })

  it('holds on wasm for every grouped convolution, whose kernels go by the width of a group', async () => {
    const grouped = layerCases().filter(({ group }) => group === 'grouped convolution')
    const [result, ...others] = await compareWithCpu('wasm', grouped)
    expect(result?.failures).toEqual([])
    expect([result?.cases, others]).toEqual([grouped.length, []])
  })

  it('holds on wasm for ten training steps', async () => {
    expect((await compareTraces('wasm')).failures).toEqual([])
  })

  it('notices a backend that computes something else, or not twice the same', async () => {
    let calls = 0
    const [wrong, fickle] = await compareWithCpu('wasm', [
      {
        group: 'wrong',
        name: 'off',
        terms: 1,
        compute: () => ({ y: tf.scalar(tf.getBackend() === 'cpu' ? 1 : 1.001) }),
      },
      { group: 'fickle', name: 'moves', terms: 1, compute: () => ({ y: tf.scalar(1 + 1e-6 * calls++) }) },
    ])
    expect(wrong?.failures).toHaveLength(1)
    expect(wrong?.maxRelativeError).toBeCloseTo(1e-3, 5)
    expect(fickle?.failures.join()).toContain('not the same')
  })

  it('takes NaN and a missing tensor for an error', () => {
    expect(distance([1, Number.NaN], [1, 2]).relative).toBeNaN()
    expect(distance(undefined, [1]).relative).toBeNaN()
  })
})
