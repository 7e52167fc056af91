import { createRandom } from '@mate-bench/stats'
import * as tf from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { backendIdentity } from '../../identity.ts'
import { openBackend } from '../../open.ts'

type Inputs = Readonly<Record<string, tf.Tensor>>

function draw(shape: readonly number[], stream: string): tf.Tensor {
  const random = createRandom(3, stream)
  const values = Float32Array.from({ length: tf.util.sizeFromShape([...shape]) }, () => random.normal())
  return tf.tensor(values, [...shape])
}

function computed(kernelName: string, inputs: () => Inputs, attrs: object): Float32Array {
  return tf.tidy(() => {
    const tensors = inputs()
    const y = tf.engine().runKernel<tf.Tensor>(kernelName, { ...tensors }, attrs as tf.NamedAttrMap)
    return Float32Array.from(y.dataSync())
  })
}

/** Largest difference of native from cpu, by the largest value; checks that native gives the same bytes twice. */
async function distance(kernelName: string, inputs: () => Inputs, attrs: object): Promise<number> {
  await tf.setBackend('native')
  const found = computed(kernelName, inputs, attrs)
  expect(computed(kernelName, inputs, attrs)).toEqual(found)
  await tf.setBackend('cpu')
  const expected = computed(kernelName, inputs, attrs)
  expect(found.length).toBe(expected.length)
  const scale = expected.reduce((largest, value) => Math.max(largest, Math.abs(value)), 1e-6)
  return found.reduce((sofar, value, i) => Math.max(sofar, Math.abs(value - (expected[i] ?? 0)) / scale), 0)
}

describe.skipIf(backendIdentity('native') === undefined)('kernels of the native backend', () => {
  beforeAll(async () => {
    await openBackend('cpu')
    await openBackend('native')
  })

  const geometry = fc.record({
    height: fc.integer({ min: 1, max: 11 }),
    width: fc.integer({ min: 1, max: 11 }),
    cin: fc.integer({ min: 1, max: 17 }),
    cout: fc.integer({ min: 1, max: 17 }),
    kernel: fc.integer({ min: 1, max: 4 }),
    strides: fc.integer({ min: 1, max: 3 }),
    pad: fc.constantFrom('same', 'valid', 1),
  })

  it('are convolutions and their gradients, of any size, stride and padding', async () => {
    await fc.assert(
      fc.asyncProperty(geometry, async ({ height, width, cin, cout, kernel, strides, pad }) => {
        fc.pre(pad === 'same' || Math.min(height, width) >= kernel)
        fc.pre(typeof pad !== 'number' || kernel > 1)
        const shapes = { x: [2, height, width, cin], filter: [kernel, kernel, cin, cout] }
        const attrs = { strides, pad, dilations: 1, dataFormat: 'NHWC', dimRoundingMode: 'floor' }
        const { outShape } = tf.backend_util.computeConv2DInfo(
          shapes.x as [number, number, number, number],
          shapes.filter as [number, number, number, number],
          strides,
          1,
          pad as 'same',
          'floor',
        )
        const x = () => draw(shapes.x, 'x')
        const filter = () => draw(shapes.filter, 'filter')
        const dy = () => draw(outShape, 'dy')
        expect(await distance('Conv2D', () => ({ x: x(), filter: filter() }), attrs)).toBeLessThan(1e-5)
        const input = await distance('Conv2DBackpropInput', () => ({ dy: dy(), filter: filter() }), {
          ...attrs,
          inputShape: shapes.x,
        })
        expect(input).toBeLessThan(1e-5)
        const ofFilter = await distance('Conv2DBackpropFilter', () => ({ x: x(), dy: dy() }), {
          ...attrs,
          filterShape: shapes.filter,
        })
        expect(ofFilter).toBeLessThan(1e-5)
      }),
      { numRuns: 40, seed: 7 },
    )
  })

  it('are dilated convolutions, which the gradients of wasm refuse', async () => {
    const attrs = { strides: 1, pad: 'same', dilations: 2, dataFormat: 'NHWC', dimRoundingMode: 'floor' }
    const inputs = () => ({ x: draw([2, 9, 8, 3], 'x'), filter: draw([3, 3, 3, 5], 'filter') })
    expect(await distance('Conv2D', inputs, attrs)).toBeLessThan(1e-5)
  })

  it('are products of matrices, transposed or not, and of batches of them', async () => {
    const sizes = fc.integer({ min: 1, max: 24 })
    const product = fc.record({
      m: sizes,
      k: sizes,
      n: sizes,
      transposeA: fc.boolean(),
      transposeB: fc.boolean(),
      batches: fc.constantFrom(
        [[], []],
        [[3], [3]],
        [[1], [4]],
        [[4], [1]],
        [
          [2, 3],
          [2, 3],
        ],
      ),
    })
    await fc.assert(
      fc.asyncProperty(product, async ({ m, k, n, transposeA, transposeB, batches: [left, right] }) => {
        const inputs = () => ({
          a: draw([...(left ?? []), ...(transposeA ? [k, m] : [m, k])], 'a'),
          b: draw([...(right ?? []), ...(transposeB ? [n, k] : [k, n])], 'b'),
        })
        expect(await distance('BatchMatMul', inputs, { transposeA, transposeB })).toBeLessThan(1e-5)
      }),
      { numRuns: 60, seed: 7 },
    )
  })

  it.each(['same', 'valid', 1] as const)('are averages of windows with padding %s', async (pad) => {
    const attrs = { filterSize: 3, strides: 2, pad, dimRoundingMode: 'floor' }
    const shape = [2, 9, 8, 5] as [number, number, number, number]
    const { outShape } = tf.backend_util.computePool2DInfo(shape, 3, 2, 1, pad, 'floor')
    expect(await distance('AvgPool', () => ({ x: draw(shape, 'x') }), attrs)).toBeLessThan(1e-6)
    const inputs = () => ({ dy: draw(outShape, 'dy'), input: draw(shape, 'x') })
    expect(await distance('AvgPoolGrad', inputs, attrs)).toBeLessThan(1e-6)
  })

  it('compute on where the memory has grown in between', async () => {
    await tf.setBackend('native')
    const attrs = { strides: 1, pad: 'same', dilations: 1, dataFormat: 'NHWC', dimRoundingMode: 'floor' }
    const inputs = () => ({ x: draw([2, 8, 8, 3], 'x'), filter: draw([3, 3, 3, 4], 'filter') })
    const before = computed('Conv2D', inputs, attrs)
    const large = tf.fill([200 * 2 ** 18], 1)
    expect(computed('Conv2D', inputs, attrs)).toEqual(before)
    large.dispose()
  })

  it('leave wasm as it was', async () => {
    await tf.setBackend('wasm')
    for (const name of ['Conv2D', 'BatchMatMul', 'AvgPoolGrad']) {
      expect(tf.getKernel(name, 'wasm').kernelFunc).not.toBe(tf.getKernel(name, 'native').kernelFunc)
    }
    expect(tf.getKernel('Add', 'wasm').kernelFunc).toBe(tf.getKernel('Add', 'native').kernelFunc)
    const x = tf.tensor1d([1, 2, 3])
    await tf.setBackend('native')
    // One memory under two names: nothing is copied.
    expect([...tf.add(x, 1).dataSync()]).toEqual([2, 3, 4])
    x.dispose()
  })

  it('keep a bounded number of primitives, and give back the memory of the others', async () => {
    await tf.setBackend('native')
    const attrs = { strides: 1, pad: 'same', dilations: 1, dataFormat: 'NHWC', dimRoundingMode: 'floor' }
    const filter = draw([3, 3, 8, 16], 'filter')
    // More sizes than are kept, so that each is made anew in each round.
    const round = () => {
      for (let width = 4; width < 540; width++) {
        const x = tf.zeros([1, 3, width, 8])
        tf.engine().runKernel<tf.Tensor>('Conv2D', { x, filter }, attrs).dispose()
        x.dispose()
      }
      return process.memoryUsage().rss
    }
    round()
    const before = round()
    const grown = round() - before
    filter.dispose()
    // What was destroyed in a round had some 80 MB.
    expect(grown).toBeLessThan(16e6)
  })
})
