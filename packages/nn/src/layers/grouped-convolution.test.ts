import '@tensorflow/tfjs-backend-cpu'
import '../gradients/register.ts'
import * as tf from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import {
  type GroupedConvOptions,
  groupedConvFilterGradient,
  groupedConvFilterGradKernel,
  groupedConvForward,
  groupedConvInputGradient,
  groupedConvInputGradKernel,
  groupedConvKernel,
  groupedConvolution,
} from './grouped-convolution.ts'

beforeAll(async () => {
  await tf.setBackend('cpu')
})

function numbers(tensor: tf.Tensor | undefined): number[] {
  if (!tensor) throw new Error('no such tensor')
  return [...tensor.dataSync()]
}

function wave(shape: [number, number, number, number], pace: number): tf.Tensor4D {
  return tf.sin(tf.mul(tf.reshape<tf.Rank.R4>(tf.range(0, tf.util.sizeFromShape(shape)), shape), pace))
}

/** y, dx and dFilter for a fixed dY. */
function computed(
  f: (x: tf.Tensor4D, filter: tf.Tensor4D) => tf.Tensor4D,
  x: tf.Tensor4D,
  filter: tf.Tensor4D,
): { y: tf.Tensor4D; dx: tf.Tensor; dFilter: tf.Tensor } {
  const y = f(x, filter)
  const differentiate = tf.grads((...args) => f(args[0] as tf.Tensor4D, args[1] as tf.Tensor4D))
  const [dx = y, dFilter = y] = differentiate([x, filter], wave(y.shape, 0.3))
  return { y, dx, dFilter }
}

/** The dense kernel that does the same: zero wherever a filter and a channel are in different groups. */
function blockDiagonal(filter: tf.Tensor4D, groups: number): tf.Tensor4D {
  const [height, width, channels, filters] = filter.shape
  const from = filter.dataSync()
  const dense = new Float32Array(height * width * channels * groups * filters)
  for (let tap = 0; tap < height * width; tap++) {
    for (let c = 0; c < channels; c++) {
      for (let f = 0; f < filters; f++) {
        const group = Math.floor(f / (filters / groups))
        dense[(tap * channels * groups + group * channels + c) * filters + f] =
          from[(tap * channels + c) * filters + f] ?? 0
      }
    }
  }
  return tf.tensor4d(dense, [height, width, channels * groups, filters])
}

/** The blocks of a dense kernel's gradient, in the layout of the grouped one. */
function blocksOf(dense: tf.Tensor, groups: number): tf.Tensor {
  const columns = tf.split(dense, groups, -1)
  return tf.concat(
    columns.map((column, group) => tf.split(column, groups, 2)[group] ?? column),
    -1,
  )
}

function expectClose(found: tf.Tensor, expected: tf.Tensor): void {
  expect(found.shape).toEqual(expected.shape)
  const difference = numbers(tf.max(tf.abs(tf.sub(found, expected))))[0]
  expect(difference).toBeLessThan(1e-4)
}

describe('groupedConvolution', () => {
  it('gives each filter the channels of its own group', () => {
    const x = tf.tensor4d([1, 2, 3, 4], [1, 1, 1, 4])
    // Two groups of two channels and one filter: [10, 1] over channels 0 and 1, [100, 1000] over 2 and 3.
    const filter = tf.tensor4d([10, 100, 1, 1000], [1, 1, 2, 2])
    const { y, dx, dFilter } = computed(
      (a, b) => groupedConvolution(a, b, { groups: 2, strides: 1, pad: 'valid' }),
      x,
      filter,
    )
    expect(numbers(y)).toEqual([12, 4300])
    const [first = 0, second = 0] = numbers(wave([1, 1, 1, 2], 0.3))
    for (const [index, value] of [10 * first, first, 100 * second, 1000 * second].entries())
      expect(numbers(dx)[index]).toBeCloseTo(value, 3)
    for (const [index, value] of [first, 3 * second, 2 * first, 4 * second].entries())
      expect(numbers(dFilter)[index]).toBeCloseTo(value, 5)
  })

  it('is the dense convolution with a block-diagonal kernel, and so are its gradients', () => {
    fc.assert(
      fc.property(
        fc.record({
          groups: fc.integer({ min: 1, max: 4 }),
          channels: fc.integer({ min: 1, max: 3 }),
          filters: fc.integer({ min: 1, max: 3 }),
          kernel: fc.constantFrom(1, 3),
          strides: fc.constantFrom(1, 2),
          pad: fc.constantFrom<GroupedConvOptions['pad']>('same', 'valid', [
            [0, 0],
            [1, 1],
            [1, 1],
            [0, 0],
          ]),
          height: fc.integer({ min: 3, max: 6 }),
          width: fc.integer({ min: 3, max: 6 }),
        }),
        ({ groups, channels, filters, kernel, height, width, strides, pad }) => {
          tf.tidy(() => {
            const x = wave([2, height, width, groups * channels], 0.7)
            const filter = wave([kernel, kernel, channels, groups * filters], 1.1)
            const grouped = computed((a, b) => groupedConvolution(a, b, { groups, strides, pad }), x, filter)
            const dense = computed((a, b) => tf.conv2d(a, b, strides, pad), x, blockDiagonal(filter, groups))
            expectClose(grouped.y, dense.y)
            expectClose(grouped.dx, dense.dx)
            expectClose(grouped.dFilter, blocksOf(dense.dFilter, groups))
          })
        },
      ),
      { numRuns: 60 },
    )
  })

  it('leaves no tensor behind but its output', () => {
    const x = wave([1, 4, 4, 4], 0.7)
    const filter = wave([3, 3, 2, 4], 1.1)
    const before = tf.memory().numTensors
    const y = groupedConvolution(x, filter, { groups: 2, strides: 1, pad: 'same' })
    expect(tf.memory().numTensors).toBe(before + 1)
    y.dispose()
  })
})

describe('a backend with kernels of its own', () => {
  const names = [groupedConvKernel, groupedConvInputGradKernel, groupedConvFilterGradKernel]
  afterEach(() => {
    for (const name of names) tf.unregisterKernel(name, 'cpu')
  })

  it('is used for the forward pass and both gradients, by the documented contract', () => {
    const x = wave([2, 5, 5, 4], 0.7)
    const filter = wave([3, 3, 2, 6], 1.1)
    const opts = { groups: 2, strides: 2, pad: 'same' } as const
    const run = () => computed((a, b) => groupedConvolution(a, b, opts), x, filter)
    const expected = run()
    const calls: unknown[] = []
    const register = (
      kernelName: string,
      kernel: (inputs: Record<string, tf.Tensor4D>, attrs: Record<string, number[]>) => tf.Tensor,
    ) =>
      tf.registerKernel({
        kernelName,
        backendName: 'cpu',
        kernelFunc: ({ inputs, attrs }) => {
          calls.push([kernelName, Object.keys(inputs).sort(), attrs])
          return kernel(inputs as Record<string, tf.Tensor4D>, attrs as Record<string, number[]>)
        },
      })
    register(groupedConvKernel, (inputs) => groupedConvForward(inputs.x ?? x, inputs.filter ?? filter, opts))
    register(groupedConvInputGradKernel, ({ dy = x, filter: kernel = filter }, { inputShape = [] }) =>
      groupedConvInputGradient(dy, kernel, inputShape, opts),
    )
    register(groupedConvFilterGradKernel, ({ x: map = x, dy = x }, { filterShape = [] }) =>
      groupedConvFilterGradient(map, dy, filterShape, opts),
    )
    const found = run()
    for (const name of ['y', 'dx', 'dFilter'] as const)
      expect(numbers(found[name])).toEqual(numbers(expected[name]))
    expect(calls).toContainEqual([groupedConvKernel, ['filter', 'x'], opts])
    expect(calls).toContainEqual([
      groupedConvInputGradKernel,
      ['dy', 'filter'],
      { ...opts, inputShape: [2, 5, 5, 4] },
    ])
    expect(calls).toContainEqual([
      groupedConvFilterGradKernel,
      ['dy', 'x'],
      { ...opts, filterShape: [3, 3, 2, 6] },
    ])
  })
})
