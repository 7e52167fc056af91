import * as tf from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { openBackend } from '../../open.ts'
import {
  computed,
  difference,
  distance,
  draw,
  type Four,
  tensorflowIsHere,
  tensorflowIsRequired,
} from '../testing/kernels.ts'

it.runIf(tensorflowIsRequired)('TensorFlow is installed', () => expect(tensorflowIsHere).toBe(true))

describe.skipIf(!tensorflowIsHere)('kernels of the tensorflow backend', () => {
  beforeAll(async () => {
    await openBackend('cpu')
    await openBackend('tensorflow')
  })

  const sides = fc.tuple(fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 2 }))
  const geometry = fc.record({
    height: fc.integer({ min: 1, max: 11 }),
    width: fc.integer({ min: 1, max: 11 }),
    cin: fc.integer({ min: 1, max: 17 }),
    cout: fc.integer({ min: 1, max: 17 }),
    kernel: fc.integer({ min: 1, max: 4 }),
    strides: fc.integer({ min: 1, max: 3 }),
    pad: fc.oneof(
      fc.constantFrom('same', 'valid', 1, 2),
      fc.tuple(sides, sides).map(([rows, columns]) => [[0, 0], rows, columns, [0, 0]]),
    ),
  })

  it.each(['Conv2D', 'DepthwiseConv2dNative'])(
    '%s and its gradients, of any size, stride and padding',
    async (name) => {
      const depthwise = name !== 'Conv2D'
      await fc.assert(
        fc.asyncProperty(geometry, async ({ height, width, cin, cout, kernel, strides, pad }) => {
          const shapes = {
            x: [2, height, width, cin] as Four,
            filter: [kernel, kernel, cin, depthwise ? 1 : cout] as Four,
          }
          const [rows = [0, 0], columns = [0, 0]] =
            typeof pad === 'object'
              ? pad.slice(1)
              : Array(2).fill(pad === 'same' ? [9, 9] : [+pad || 0, +pad || 0])
          // Every window touches the image, or there is nothing to compute.
          fc.pre(height + Math.min(...rows) >= kernel && width + Math.min(...columns) >= kernel)
          fc.pre(Math.max(...rows, ...columns) < kernel || pad === 'same')
          const attrs = { strides, pad, dilations: 1, dataFormat: 'NHWC', dimRoundingMode: 'floor' }
          const padding = pad as 'same'
          const { outShape } = tf.backend_util.computeConv2DInfo(
            shapes.x,
            shapes.filter,
            strides,
            1,
            padding,
            'floor',
            depthwise,
          )
          const x = () => draw(shapes.x, 'x')
          const filter = () => draw(shapes.filter, 'filter')
          const dy = () => draw(outShape, 'dy')
          expect(await distance(name, () => ({ x: x(), filter: filter() }), attrs)).toBeLessThan(1e-5)
          const ofInput = { ...attrs, inputShape: shapes.x }
          const dx = await distance(`${name}BackpropInput`, () => ({ dy: dy(), filter: filter() }), ofInput)
          expect(dx).toBeLessThan(1e-5)
          const ofFilter = { ...attrs, filterShape: shapes.filter }
          const dw = await distance(`${name}BackpropFilter`, () => ({ x: x(), dy: dy() }), ofFilter)
          expect(dw).toBeLessThan(1e-5)
        }),
        { numRuns: 60, seed: 7 },
      )
    },
  )

  it('refuse what TensorFlow would compute otherwise', async () => {
    await tf.setBackend('tensorflow')
    const inputs = () => ({ x: draw([1, 8, 8, 3], 'x'), filter: draw([3, 3, 3, 4], 'filter') })
    const attrs = { strides: 2, pad: 0, dilations: 1, dataFormat: 'NHWC', dimRoundingMode: 'ceil' }
    expect(() => computed('Conv2D', inputs, attrs)).toThrow('rounded down')
    const channelsFirst = { ...attrs, dimRoundingMode: 'floor', dataFormat: 'NCHW' }
    const turned = () => ({ ...inputs(), x: draw([1, 3, 8, 8], 'x') })
    expect(() => computed('Conv2D', turned, channelsFirst)).toThrow('NHWC')
    const elu = { ...attrs, dimRoundingMode: 'floor', activation: 'elu' }
    expect(() => computed('FusedConv2D', inputs, elu)).toThrow('elu')
  })

  it.each(['FusedConv2D', 'FusedDepthwiseConv2D'])('%s adds a bias and cuts at zero', async (name) => {
    const attrs = { strides: 2, pad: 1, dilations: 1, dataFormat: 'NHWC', dimRoundingMode: 'floor' }
    const inputs = () => ({
      x: draw([2, 9, 8, 4], 'x'),
      filter: draw([3, 3, 4, name === 'FusedConv2D' ? 4 : 1], 'filter'),
      bias: draw([4], 'bias'),
    })
    for (const activation of ['linear', 'relu']) {
      expect(await distance(name, inputs, { ...attrs, activation })).toBeLessThan(1e-6)
    }
  })

  it.each([
    'same',
    'valid',
    1,
    [
      [0, 0],
      [1, 0],
      [0, 2],
      [0, 0],
    ],
  ])('are maxima and means of windows with padding %j', async (pad) => {
    const shape: Four = [2, 9, 8, 5]
    const attrs = { filterSize: 3, strides: 2, pad, dimRoundingMode: 'floor' }
    const { outShape } = tf.backend_util.computePool2DInfo(shape, 3, 2, 1, pad as 'same', 'floor')
    const x = () => draw(shape, 'x')
    expect(await distance('MaxPool', () => ({ x: x() }), attrs)).toBe(0)
    expect(await distance('AvgPool', () => ({ x: x() }), attrs)).toBeLessThan(1e-6)
    const output = tf.tidy(() => tf.engine().runKernel<tf.Tensor>('MaxPool', { x: x() }, attrs).arraySync())
    const inputs = () => ({ dy: draw(outShape, 'dy'), input: x(), output: tf.tensor(output as number[]) })
    expect(await distance('MaxPoolGrad', inputs, attrs)).toBeLessThan(1e-6)
  })

  it('are the cross-entropy of logits and its gradient, worked by hand', async () => {
    await tf.setBackend('tensorflow')
    // softmax(0, log 3) = (1/4, 3/4); softmax(log 3, 0) = (3/4, 1/4)
    const logits = () => tf.tensor2d([0, Math.log(3), Math.log(3), 0], [2, 2])
    const targets = () => tf.tensor2d([0, 1, 0.5, 0.5], [2, 2])
    const [loss, gradient] = computed('SoftmaxCrossEntropy', () => ({ logits: logits(), targets: targets() }))
    const second = -0.5 * Math.log(3 / 4) - 0.5 * Math.log(1 / 4)
    expect(difference(loss, [(-Math.log(3 / 4) + second) / 2])).toBeLessThan(1e-6)
    expect(difference(gradient, [1 / 8, -1 / 8, 1 / 8, -1 / 8])).toBeLessThan(1e-6)
    const [logProbabilities] = computed('LogSoftmax', () => ({ logits: logits() }))
    const expected = [1 / 4, 3 / 4, 3 / 4, 1 / 4].map(Math.log)
    expect(difference(logProbabilities, expected)).toBeLessThan(1e-6)
  })

  it('are the mean of a map and its share of each pixel', async () => {
    await tf.setBackend('tensorflow')
    const x = () => tf.tensor4d([1, 10, 3, 30, 5, 50, 7, 70], [1, 2, 2, 2])
    expect(computed('GlobalAveragePool', () => ({ x: x() }))).toEqual([Float32Array.of(4, 40)])
    const dx = computed('GlobalAveragePoolGrad', () => ({ dy: tf.tensor2d([4, 8], [1, 2]) }), {
      shape: [1, 2, 2, 2],
    })
    expect(dx).toEqual([Float32Array.of(1, 2, 1, 2, 1, 2, 1, 2)])
  })

  it('are products, sums and other shapes', async () => {
    const sizes = fc.integer({ min: 1, max: 9 })
    const choice = fc.record({
      m: sizes,
      k: sizes,
      n: sizes,
      transposeA: fc.boolean(),
      transposeB: fc.boolean(),
      batch: fc.constantFrom([], [3], [2, 2]),
    })
    await fc.assert(
      fc.asyncProperty(choice, async ({ m, k, n, transposeA, transposeB, batch }) => {
        const inputs = () => ({
          a: draw([...batch, ...(transposeA ? [k, m] : [m, k])], 'a'),
          b: draw([...batch, ...(transposeB ? [n, k] : [k, n])], 'b'),
        })
        expect(await distance('BatchMatMul', inputs, { transposeA, transposeB })).toBeLessThan(1e-5)
      }),
      { numRuns: 30, seed: 7 },
    )
    const x = () => ({ x: draw([2, 3, 4], 'x') })
    for (const [axis, keepDims] of [
      [[0], false],
      [[1, 2], true],
      [undefined, false],
    ]) {
      expect(await distance('Sum', x, { axis, keepDims })).toBeLessThan(1e-6)
    }
    for (const shape of [[2, 3, 4], [6, 4], [-1], [1, 24, 1]])
      expect(await distance('Reshape', x, { shape })).toBe(0)
  })

  it('hold no tensor of TensorFlow’s that nobody asked for', async () => {
    await tf.setBackend('tensorflow')
    const { binding } = tf.backend() as unknown as { binding: { getNumOfTensors(): number } }
    const shape: Four = [2, 8, 8, 4]
    const attrs = { strides: 2, pad: 1, dilations: 1, dataFormat: 'NHWC', dimRoundingMode: 'floor' }
    const round = () => {
      const conv = () => ({ x: draw(shape, 'x'), filter: draw([3, 3, 4, 6], 'filter') })
      const dy = () => draw([2, 4, 4, 6], 'dy')
      computed('Conv2D', conv, attrs)
      computed('Conv2DBackpropInput', () => ({ dy: dy(), filter: conv().filter }), {
        ...attrs,
        inputShape: shape,
      })
      const ofFilter = { ...attrs, filterShape: [3, 3, 4, 6] }
      computed('Conv2DBackpropFilter', () => ({ x: draw(shape, 'x'), dy: dy() }), ofFilter)
      computed('FusedConv2D', conv, { ...attrs, activation: 'relu' })
      computed('AvgPool', () => ({ x: draw(shape, 'x') }), { filterSize: 3, strides: 2, pad: 1 })
      computed('SoftmaxCrossEntropy', () => ({ logits: draw([4, 3], 'z'), targets: draw([4, 3], 't') }))
      computed('GlobalAveragePoolGrad', () => ({ dy: draw([2, 4], 'dy') }), { shape })
    }
    round()
    const before = [binding.getNumOfTensors(), tf.memory().numTensors]
    for (let i = 0; i < 5; i++) round()
    expect([binding.getNumOfTensors(), tf.memory().numTensors]).toEqual(before)
  })
})
