import { createRandom } from '@mate-bench/stats'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { openBackend } from '../open.ts'

type Values = Float32Array
type Padding = 'same' | 'valid' | number | tf.backend_util.ExplicitPadding

function draw(shape: readonly number[], stream: string): Values {
  const random = createRandom(5, stream)
  return Float32Array.from({ length: tf.util.sizeFromShape([...shape]) }, () => random.normal())
}

/** Runs a kernel on `backend` from plain numbers to plain numbers, and checks that no tensor is left. */
async function run(
  backend: string,
  kernelName: string,
  inputs: Readonly<Record<string, readonly [Values, readonly number[]]>>,
  attrs: tf.NamedAttrMap,
): Promise<Values[]> {
  await tf.setBackend(backend)
  const before = tf.memory().numTensors
  const results = tf.tidy(() => {
    const tensors = Object.fromEntries(
      Object.entries(inputs).map(([name, [values, shape]]) => [name, tf.tensor(values, [...shape])]),
    )
    const out: tf.Tensor | tf.Tensor[] = tf.engine().runKernel(kernelName, tensors, attrs)
    return (Array.isArray(out) ? out : [out]).map((tensor) => tensor.dataSync<'float32'>())
  })
  expect(tf.memory().numTensors).toBe(before)
  return results
}

/** Largest difference, relative to the largest expected value. */
function distance(found: Values | undefined, expected: Values | undefined): number {
  expect(found?.length).toBe(expected?.length)
  let difference = 0
  let scale = 1e-6
  expected?.forEach((value, i) => {
    difference = Math.max(difference, Math.abs((found?.[i] ?? Number.NaN) - value))
    scale = Math.max(scale, Math.abs(value))
  })
  return difference / scale
}

const kernels = [1, 3, 5, 7]
const paddings: readonly Padding[] = [
  'same',
  'valid',
  1,
  [
    [0, 0],
    [2, 1],
    [0, 3],
    [0, 0],
  ],
]
const convolutions = kernels.flatMap((kernel) =>
  [1, 2, 3].flatMap((stride) =>
    paddings.flatMap((pad) =>
      [
        [8, 7, 3, 5],
        [9, 10, 8, 12],
      ].map(([height = 0, width = 0, cin = 0, cout = 0]) => ({
        kernel,
        stride,
        pad,
        height,
        width,
        cin,
        cout,
      })),
    ),
  ),
)

describe('wasm, completed for training', () => {
  beforeAll(async () => {
    await openBackend('cpu')
    await openBackend('wasm')
  })

  it.each(convolutions)(
    'gives the gradients of a $kernel x $kernel convolution, stride $stride, padding $pad, $height x $width x $cin -> $cout',
    async ({ kernel, stride, pad, height, width, cin, cout }) => {
      const xShape = [2, height, width, cin] as [number, number, number, number]
      const filterShape = [kernel, kernel, cin, cout] as [number, number, number, number]
      const { outShape } = tf.backend_util.computeConv2DInfo(xShape, filterShape, stride, 1, pad)
      const x = draw(xShape, 'x')
      const filter = draw(filterShape, 'filter')
      const dy = draw(outShape, 'dy')
      const attrs = {
        strides: stride,
        pad: pad as tf.NamedAttrMap[string],
        dataFormat: 'NHWC',
        dimRoundingMode: 'floor',
      }
      const ofFilter = (backend: string) =>
        run(
          backend,
          'Conv2DBackpropFilter',
          { x: [x, xShape], dy: [dy, outShape] },
          { ...attrs, filterShape },
        )
      const ofInput = (backend: string) =>
        run(
          backend,
          'Conv2DBackpropInput',
          { dy: [dy, outShape], filter: [filter, filterShape] },
          { ...attrs, inputShape: xShape },
        )
      for (const gradient of [ofFilter, ofInput]) {
        const [found] = await gradient('wasm')
        const [expected] = await gradient('cpu')
        expect(distance(found, expected)).toBeLessThan(1e-5)
        expect((await gradient('wasm'))[0]).toEqual(found)
      }
    },
  )

  it.each(convolutions.filter(({ kernel }) => kernel > 1))(
    'gives the gradients of a depthwise $kernel x $kernel convolution, stride $stride, padding $pad, $height x $width x $cin',
    async ({ kernel, stride, pad, height, width, cin }) => {
      const xShape = [2, height, width, cin] as [number, number, number, number]
      const filterShape = [kernel, kernel, cin, 1] as [number, number, number, number]
      const { outShape } = tf.backend_util.computeConv2DInfo(
        xShape,
        filterShape,
        stride,
        1,
        pad,
        'floor',
        true,
      )
      const x = draw(xShape, 'x')
      const filter = draw(filterShape, 'filter')
      const dy = draw(outShape, 'dy')
      const attrs = {
        strides: stride,
        pad: pad as tf.NamedAttrMap[string],
        dilations: 1,
        dimRoundingMode: 'floor',
      }
      const ofFilter = (backend: string) =>
        run(
          backend,
          'DepthwiseConv2dNativeBackpropFilter',
          { x: [x, xShape], dy: [dy, outShape] },
          { ...attrs, filterShape },
        )
      const ofInput = (backend: string) =>
        run(
          backend,
          'DepthwiseConv2dNativeBackpropInput',
          { dy: [dy, outShape], filter: [filter, filterShape] },
          { ...attrs, inputShape: xShape },
        )
      for (const gradient of [ofFilter, ofInput]) {
        expect(distance((await gradient('wasm'))[0], (await gradient('cpu'))[0])).toBeLessThan(1e-5)
      }
    },
  )

  const explicit: Padding = [
    [0, 0],
    [2, 1],
    [0, 2],
    [0, 0],
  ]
  // The first has more tiles than are worked on together, and images that are cut in the middle.
  it.each([
    [5, 28, 28, 8, 8, 'same'],
    [3, 7, 9, 12, 16, 'same'],
    [2, 8, 11, 20, 24, 'valid'],
    [2, 9, 8, 64, 40, 1],
    [3, 10, 7, 8, 8, explicit],
    [1, 6, 6, 256, 128, 'same'],
  ] as const)(
    'convolves %i images of %i x %i x %i to %i channels with padding %j',
    async (batch, height, width, cin, cout, pad) => {
      const inputs = {
        x: [draw([batch, height, width, cin], 'x'), [batch, height, width, cin]],
        filter: [draw([3, 3, cin, cout], 'filter'), [3, 3, cin, cout]],
      } as const
      const attrs = {
        strides: 1,
        pad: pad as tf.NamedAttrMap[string],
        dilations: 1,
        dataFormat: 'NHWC',
        dimRoundingMode: 'floor',
      }
      const [found] = await run('wasm', 'Conv2D', inputs, attrs)
      const [expected] = await run('cpu', 'Conv2D', inputs, attrs)
      expect(distance(found, expected)).toBeLessThan(1e-5)
      expect((await run('wasm', 'Conv2D', inputs, attrs))[0]).toEqual(found)
    },
  )

  describe.each([1, 3, 4, 6, 16, 21, 64])('batch norm over %i channels', (channels) => {
    const shape = [3, 5, 7, channels]
    const rows = 105
    const x = draw(shape, 'x').map((value, i) => value * (1 + (i % channels)) + 100 * ((i % channels) - 1))
    const dy = draw(shape, 'dy')
    const gamma = draw([channels], 'gamma')
    const beta = draw([channels], 'beta')
    const epsilon = 1e-3
    const mean = new Float64Array(channels)
    const variance = new Float64Array(channels)
    x.forEach((value, i) => {
      mean[i % channels] = (mean[i % channels] ?? 0) + value / rows
    })
    x.forEach((value, i) => {
      variance[i % channels] = (variance[i % channels] ?? 0) + (value - (mean[i % channels] ?? 0)) ** 2 / rows
    })
    const inverse = variance.map((v) => 1 / Math.sqrt(v + epsilon))
    const normal = (i: number) => ((x[i] ?? 0) - (mean[i % channels] ?? 0)) * (inverse[i % channels] ?? 0)
    const affine = (i: number) => normal(i) * (gamma[i % channels] ?? 0) + (beta[i % channels] ?? 0)

    it.each([false, true])('forward, relu %s', async (relu) => {
      const running = draw([channels], 'running').map(Math.abs)
      const inputs = {
        x: [x, shape],
        gamma: [gamma, [channels]],
        beta: [beta, [channels]],
        mean: [running, [channels]],
        variance: [running, [channels]],
      } as const
      const attrs = { epsilon, relu, momentum: 0.25 }
      const [y, movedMean, movedVariance, m, s] = await run('wasm', 'BatchNormTraining', inputs, attrs)
      const moved = (batch: (c: number) => number) =>
        running.map((value, c) => 0.75 * value + 0.25 * batch(c))
      expect(
        distance(
          y,
          x.map((_, i) => (relu ? Math.max(0, affine(i)) : affine(i))),
        ),
      ).toBeLessThan(2e-5)
      expect(distance(m, Float32Array.from(mean))).toBeLessThan(1e-6)
      expect(
        distance(
          movedMean,
          moved((c) => mean[c] ?? 0),
        ),
      ).toBeLessThan(1e-6)
      const unbiased = (c: number) => ((variance[c] ?? 0) * rows) / (rows - 1)
      expect(distance(movedVariance, moved(unbiased))).toBeLessThan(1e-5)
      expect(distance(s, Float32Array.from(inverse))).toBeLessThan(1e-5)
    })

    it.each([false, true])('backward, relu %s', async (relu) => {
      const g = Float64Array.from(dy, (value, i) => (relu && affine(i) <= 0 ? 0 : value))
      const dbeta = new Float64Array(channels)
      const dgamma = new Float64Array(channels)
      g.forEach((value, i) => {
        dbeta[i % channels] = (dbeta[i % channels] ?? 0) + value
        dgamma[i % channels] = (dgamma[i % channels] ?? 0) + value * normal(i)
      })
      const dx = Float32Array.from(g, (value, i) => {
        const c = i % channels
        const centred = value - (dbeta[c] ?? 0) / rows - (normal(i) * (dgamma[c] ?? 0)) / rows
        return centred * (gamma[c] ?? 0) * (inverse[c] ?? 0)
      })
      const found = await run(
        'wasm',
        'BatchNormTrainingGrad',
        {
          x: [x, shape],
          dy: [dy, shape],
          gamma: [gamma, [channels]],
          beta: [beta, [channels]],
          saved0: [Float32Array.from(mean), [channels]],
          saved1: [Float32Array.from(inverse), [channels]],
        },
        { relu },
      )
      expect(distance(found[0], dx)).toBeLessThan(5e-5)
      expect(distance(found[1], Float32Array.from(dgamma))).toBeLessThan(5e-5)
      expect(distance(found[2], Float32Array.from(dbeta))).toBeLessThan(5e-5)
    })
  })

  it.each(
    [1, 2, 3].flatMap((size) =>
      [1, 2].flatMap((stride) => (['same', 'valid', 1] as const).map((pad) => ({ size, stride, pad }))),
    ),
  )(
    'gives the gradient of $size x $size max pooling, stride $stride, padding $pad',
    async ({ size, stride, pad }) => {
      const shape = [2, 9, 8, 5] as [number, number, number, number]
      // Few levels: many ties, which the first of a window wins.
      const x = draw(shape, 'x').map((value) => Math.round(2 * value))
      const attrs = { filterSize: size, strides: stride, pad, dimRoundingMode: 'floor' }
      const { outShape } = tf.backend_util.computePool2DInfo(shape, size, stride, 1, pad, 'floor')
      const dy = draw(outShape, 'dy')
      const [y = dy] = await run('cpu', 'MaxPool', { x: [x, shape] }, attrs)
      const inputs = { dy: [dy, outShape], input: [x, shape], output: [y, outShape] } as const
      const [found] = await run('wasm', 'MaxPoolGrad', inputs, attrs)
      const [expected] = await run('cpu', 'MaxPoolGrad', inputs, attrs)
      expect(distance(found, expected)).toBeLessThan(1e-6)
    },
  )

  it.each([
    [[7, 5], [5, 9], false, false],
    [[5, 7], [5, 9], true, false],
    [[7, 5], [9, 5], false, true],
    [[5, 7], [9, 5], true, true],
    [[3, 7, 5], [3, 5, 13], false, false],
    [[3, 5, 7], [3, 13, 5], true, true],
    [[1, 1, 6], [4, 6, 8], false, false],
    [[4, 2, 3, 5], [4, 2, 3, 6], true, false],
  ] as const)('multiplies %j by %j, transposed %s and %s', async (aShape, bShape, transposeA, transposeB) => {
    const inputs = { a: [draw(aShape, 'a'), aShape], b: [draw(bShape, 'b'), bShape] } as const
    const [found] = await run('wasm', 'BatchMatMul', inputs, { transposeA, transposeB })
    const [expected] = await run('cpu', 'BatchMatMul', inputs, { transposeA, transposeB })
    expect(distance(found, expected)).toBeLessThan(1e-6)
  })

  it('shares the values of a clone and keeps them until both are gone', async () => {
    await tf.setBackend('wasm')
    const before = tf.memory()
    const x = tf.tensor1d([1, 2, 3])
    const clone = tf.clone(x)
    x.dispose()
    expect([...clone.dataSync()]).toEqual([1, 2, 3])
    clone.dispose()
    expect(tf.memory()).toEqual(before)
  })

  it('says so when memory runs out, instead of writing over its own', async () => {
    await tf.setBackend('wasm')
    expect(() => tf.fill([2 ** 15, 2 ** 15], 1)).toThrow(/ran out of memory/)
  })

  it('lets dY through a ReLU only where it was alive', async () => {
    const y = [Float32Array.of(0, 1, 0, 2, 3, 0, 5), [7]] as const
    const dy = [Float32Array.of(1, 2, 3, 4, 5, 6, 7), [7]] as const
    expect(await run('wasm', 'ReluGrad', { dy, y }, {})).toEqual([Float32Array.of(0, 2, 0, 4, 5, 0, 7)])
  })
})
