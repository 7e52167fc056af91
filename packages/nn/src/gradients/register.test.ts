import '@tensorflow/tfjs-backend-cpu'
import { createRandom } from '@mate-bench/stats'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { gradients } from './register.ts'

type Case = readonly [
  name: string,
  shapes: number[][],
  f: (...x: tf.Tensor[]) => tf.Tensor,
  range?: [number, number],
]

const t4 = (x: tf.Tensor) => x as tf.Tensor4D
const at = (list: readonly tf.Tensor[], i: number) => list[i] ?? tf.scalar(0)

/** One line a kernel: the shapes of its inputs and the call that runs it. Values lie in (-1, 1) or in `range`. */
const cases: readonly Case[] = [
  ['Add', [[2, 3], [3]], (a, b) => tf.add(a, b)],
  [
    'Sub',
    [
      [2, 1, 3],
      [4, 1],
    ],
    (a, b) => tf.sub(a, b),
  ],
  [
    'Multiply',
    [
      [2, 3],
      [2, 1],
    ],
    (a, b) => tf.mul(a, b),
  ],
  ['RealDiv', [[2, 3], [3]], (a, b) => tf.div(a, b), [0.5, 2]],
  ['Maximum', [[2, 3], [3]], (a, b) => tf.maximum(a, b)],
  ['Minimum', [[2, 3], [3]], (a, b) => tf.minimum(a, b)],
  ['SquaredDifference', [[2, 3], [3]], (a, b) => tf.squaredDifference(a, b)],
  ['Pow', [[2, 3], [3]], (a, b) => tf.pow(a, b), [0.5, 2]],
  [
    'AddN',
    [
      [2, 3],
      [2, 3],
      [2, 3],
    ],
    (a, b, c) => tf.addN([a, b ?? a, c ?? a]),
  ],
  ['Neg', [[5]], (x) => tf.neg(x)],
  ['Abs', [[5]], (x) => tf.abs(x)],
  ['Square', [[5]], (x) => tf.square(x)],
  ['Sqrt', [[5]], (x) => tf.sqrt(x), [0.5, 2]],
  ['Rsqrt', [[5]], (x) => tf.rsqrt(x), [0.5, 2]],
  ['Reciprocal', [[5]], (x) => tf.reciprocal(x), [0.5, 2]],
  ['Exp', [[5]], (x) => tf.exp(x)],
  ['Log', [[5]], (x) => tf.log(x), [0.5, 2]],
  ['Log1p', [[5]], (x) => tf.log1p(x), [0.5, 2]],
  ['Softplus', [[5]], (x) => tf.softplus(x)],
  ['Sigmoid', [[5]], (x) => tf.sigmoid(x)],
  ['Tanh', [[5]], (x) => tf.tanh(x)],
  ['Relu', [[9]], (x) => tf.relu(x)],
  ['Relu6', [[20]], (x) => tf.relu6(x), [-5, 12]],
  ['ClipByValue', [[9]], (x) => tf.clipByValue(x, -0.4, 0.3)],
  ['Identity', [[5]], (x) => tf.clone(x)],
  ['Cast', [[5]], (x) => tf.cast(x, 'float32')],
  ['Select', [[9], [9]], (a, b) => tf.where(tf.tensor1d([1, 0, 1, 1, 0, 0, 1, 0, 1], 'bool'), a, b)],
  ['Sum', [[2, 3, 4]], (x) => tf.sum(x, [0, 2])],
  ['Mean', [[2, 3, 4]], (x) => tf.mean(x, -1, true)],
  ['Max', [[2, 5]], (x) => tf.max(x, 1)],
  ['Min', [[2, 5]], (x) => tf.min(x, -1, true)],
  ['Softmax', [[3, 4]], (x) => tf.softmax(x)],
  ['LogSoftmax', [[3, 4]], (x) => tf.logSoftmax(x)],
  ['Reshape', [[2, 6]], (x) => tf.reshape(x, [3, 4])],
  ['ExpandDims', [[2, 3]], (x) => tf.expandDims(x, 1)],
  ['Transpose', [[2, 3, 4]], (x) => tf.transpose(x, [2, 0, 1])],
  ['Reverse', [[2, 3]], (x) => tf.reverse(x, 1)],
  ['Tile', [[2, 3]], (x) => tf.tile(x, [2, 3])],
  [
    'PadV2',
    [[2, 3]],
    (x) =>
      tf.pad(x, [
        [1, 0],
        [2, 1],
      ]),
  ],
  ['Slice', [[4, 5]], (x) => tf.slice(x, [1, 2], [2, -1])],
  [
    'Concat',
    [
      [2, 3],
      [2, 1],
    ],
    (a, b) => tf.concat([a, b], -1),
  ],
  [
    'Pack',
    [
      [2, 3],
      [2, 3],
    ],
    (a, b) => tf.stack([a, b], 1),
  ],
  ['SplitV', [[2, 5]], (x) => tf.mul(at(tf.split(x, [2, 2, 1], 1), 0), at(tf.split(x, [2, 2, 1], 1), 1))],
  ['Unpack of one', [[1, 2]], (x) => tf.square(at(tf.unstack(x), 0))],
  ['Unpack', [[3, 2]], (x) => tf.mul(at(tf.unstack(x), 0), at(tf.unstack(x), 2))],
  ['GatherV2', [[2, 4, 2]], (x) => tf.gather(x, tf.tensor1d([3, 1, 3], 'int32'), 1)],
  [
    'BatchMatMul',
    [
      [2, 3],
      [3, 4],
    ],
    (a, b) => tf.matMul(a, b),
  ],
  [
    'BatchMatMul, a transposed',
    [
      [3, 2],
      [3, 4],
    ],
    (a, b) => tf.matMul(a, b, true, false),
  ],
  [
    'BatchMatMul, b transposed',
    [
      [5, 2, 3],
      [5, 4, 3],
    ],
    (a, b) => tf.matMul(a, b, false, true),
  ],
  [
    'BatchMatMul, both transposed',
    [
      [3, 2],
      [4, 3],
    ],
    (a, b) => tf.matMul(a, b, true, true),
  ],
  [
    'BatchMatMul, b broadcast',
    [
      [5, 2, 3],
      [1, 3, 4],
    ],
    (a, b) => tf.matMul(a, b),
  ],
  [
    'Conv2D',
    [
      [2, 5, 5, 2],
      [3, 3, 2, 3],
    ],
    (x, w) => tf.conv2d(t4(x), t4(w), 2, 'same'),
  ],
  [
    'DepthwiseConv2dNative',
    [
      [2, 5, 5, 2],
      [3, 3, 2, 1],
    ],
    (x, w) => tf.depthwiseConv2d(t4(x), t4(w), 1, 1),
  ],
  ['MaxPool', [[1, 5, 5, 2]], (x) => tf.maxPool(t4(x), 2, 2, 'same')],
  ['AvgPool', [[1, 5, 5, 2]], (x) => tf.avgPool(t4(x), 3, 2, 'same')],
  ['ResizeBilinear', [[1, 3, 3, 2]], (x) => tf.image.resizeBilinear(t4(x), [6, 6], false, false)],
  ['ResizeNearestNeighbor', [[1, 3, 3, 2]], (x) => tf.image.resizeNearestNeighbor(t4(x), [6, 6])],
]

/** Seed 9 puts no value within a difference step of a kink or a tie. */
function draw(shape: number[], [low, high]: [number, number], stream: string): tf.Tensor {
  const random = createRandom(9, stream)
  const values = Float32Array.from(
    { length: tf.util.sizeFromShape(shape) },
    () => low + (high - low) * random.uniform(),
  )
  return tf.tensor(values, shape)
}

describe('derivatives of the kernels', () => {
  beforeAll(async () => {
    await tf.setBackend('cpu')
  })

  it.each(cases.map(([name, shapes, f, range = [-1, 1]]) => ({ name, shapes, f, range })))(
    '$name agrees with central differences',
    ({ name, shapes, f, range }) => {
      const before = tf.memory().numTensors
      tf.tidy(() => {
        const inputs = shapes.map((shape, i) => draw(shape, range, `${name} ${i}`))
        // A weighted sum, so that no direction of the output is left out.
        const weights = draw(f(...inputs).shape, [0.5, 1.5], 'weights')
        const loss = (...x: tf.Tensor[]) => tf.sum(tf.mul(f(...x), weights))
        const analytic = tf.grads(loss)(inputs)
        const step = 1 / 256
        inputs.forEach((input, which) => {
          const values = Float32Array.from(input.dataSync())
          const found = analytic[which]?.dataSync() ?? []
          expect(analytic[which]?.shape).toEqual(input.shape)
          const at = (i: number, by: number) => {
            const moved = values.slice()
            moved[i] = (moved[i] ?? 0) + by
            return (
              loss(...inputs.map((x, k) => (k === which ? tf.tensor(moved, x.shape) : x))).dataSync()[0] ??
              Number.NaN
            )
          }
          values.forEach((_, i) => {
            const expected = (at(i, step) - at(i, -step)) / (2 * step)
            expect(
              Math.abs((found[i] ?? Number.NaN) - expected),
              `input ${which}, element ${i}`,
            ).toBeLessThan(3e-3 * (1 + Math.abs(expected)))
          })
        })
      })
      expect(tf.memory().numTensors).toBe(before)
    },
  )

  it('lets nothing flow back through steps and comparisons', () => {
    tf.tidy(() => {
      const x = tf.tensor1d([-1, 0.5, 2])
      const flat = tf.grad((v) =>
        tf.sum(tf.add(tf.step(v), tf.cast(tf.greater(v, tf.scalar(1)), 'float32'))),
      )(x)
      expect([...flat.dataSync()]).toEqual([0, 0, 0])
      const masked = tf.grad((v) => tf.sum(tf.where(tf.greater(v, tf.scalar(0)), tf.square(v), v)))(x)
      expect([...masked.dataSync()]).toEqual([1, 1, 4])
    })
  })

  it('covers each kernel once', () => {
    const names = gradients.map((gradient) => gradient.kernelName)
    expect(new Set(names).size).toBe(names.length)
    for (const name of names) expect(tf.getGradient(name), name).toBeDefined()
  })
})
