import * as tf from '@tensorflow/tfjs-core'
import type { Attribute, Operations } from '../operations.ts'
import { input, memoised } from './kernel.ts'
import { paddingAttributes, type Window, windowOf } from './window.ts'

interface PoolPlan {
  readonly info: tf.backend_util.Conv2DInfo
  readonly window: Window
  /** Sizes of window and stride; without the padding. */
  readonly sizes: readonly Attribute[]
}

function poolPlanner(operations: Operations, kernelName: string) {
  return memoised(
    (shape: readonly number[], { filterSize, strides, pad, dimRoundingMode }: tf.MaxPoolAttrs) =>
      `${shape};${filterSize};${strides};${pad};${dimRoundingMode}`,
    (shape: readonly number[], attrs: tf.MaxPoolAttrs): PoolPlan => {
      const { filterSize, strides, pad, dimRoundingMode } = attrs
      const info = tf.backend_util.computePool2DInfo(
        shape as [number, number, number, number],
        filterSize,
        strides,
        1,
        pad,
        dimRoundingMode,
      )
      return {
        info,
        window: windowOf(kernelName, info),
        sizes: [
          operations.int('ksize', [1, info.filterHeight, info.filterWidth, 1]),
          operations.int('strides', [1, info.strideHeight, info.strideWidth, 1]),
        ],
      }
    },
  )
}

/** MaxPool: x [B, H, W, C] -> [B, h, w, C]. What is padded never is the maximum. */
export function maxPool(operations: Operations): tf.KernelFunc {
  const plan = poolPlanner(operations, 'MaxPool')
  return ({ inputs, attrs }) => {
    const x = input(inputs, 'x')
    const { sizes, window } = plan(x.shape, attrs as unknown as tf.MaxPoolAttrs)
    return operations.run('MaxPool', [x], [...sizes, ...paddingAttributes(operations, window)])
  }
}

/** MaxPoolGrad: dy [B, h, w, C], input [B, H, W, C], output [B, h, w, C] -> [B, H, W, C]. */
export function maxPoolGradient(operations: Operations): tf.KernelFunc {
  const plan = poolPlanner(operations, 'MaxPoolGrad')
  return ({ inputs, attrs }) => {
    const x = input(inputs, 'input')
    const { sizes, window } = plan(x.shape, attrs as unknown as tf.MaxPoolAttrs)
    return operations.run(
      'MaxPoolGrad',
      [x, input(inputs, 'output'), input(inputs, 'dy')],
      [...sizes, ...paddingAttributes(operations, window)],
    )
  }
}

/**
 * AvgPool: x [B, H, W, C] -> [B, h, w, C], means over the pixels of a window that lie inside the image.
 *
 * TensorFlow knows no explicit padding here: the padded image is averaged, which counts the padding, and every mean
 * is multiplied by what it was too small by.
 */
export function avgPool(operations: Operations): tf.KernelFunc {
  const plan = poolPlanner(operations, 'AvgPool')
  return ({ inputs, attrs }) => {
    const x = input(inputs, 'x')
    const { info, sizes, window } = plan(x.shape, attrs as unknown as tf.MaxPoolAttrs)
    if (window.padding !== 'EXPLICIT') {
      return operations.run('AvgPool', [x], [...sizes, ...paddingAttributes(operations, window)])
    }
    const paddings = operations.ints([0, 0, ...window.rows, ...window.columns, 0, 0], [4, 2])
    const padded = operations.run('Pad', [x, paddings])
    const means = operations.run('AvgPool', [padded], [...sizes, operations.string('padding', 'VALID')])
    padded.dispose()
    const factors = operations.floats(insideFactors(info), [1, info.outHeight, info.outWidth, 1])
    const y = operations.run('Mul', [means, factors])
    means.dispose()
    return y
  }
}

/** Pixels of a window over those of them that lie inside the image, [h * w]. */
function insideFactors(info: tf.backend_util.Conv2DInfo): number[] {
  const { filterHeight, filterWidth, outHeight, outWidth, padInfo } = info
  const inside = (o: number, stride: number, before: number, filter: number, size: number) =>
    Math.min(o * stride - before + filter, size) - Math.max(o * stride - before, 0)
  return Array.from({ length: outHeight * outWidth }, (_, i) => {
    const rows = inside(Math.floor(i / outWidth), info.strideHeight, padInfo.top, filterHeight, info.inHeight)
    const columns = inside(i % outWidth, info.strideWidth, padInfo.left, filterWidth, info.inWidth)
    return (filterHeight * filterWidth) / (rows * columns)
  })
}

/**
 * AvgPoolGrad: dy [B, h, w, C], input [B, H, W, C] -> [B, H, W, C].
 *
 * @throws Error under explicit padding: the project's gradient of average pooling pads and scales by itself
 */
export function avgPoolGradient(operations: Operations): tf.KernelFunc {
  const plan = poolPlanner(operations, 'AvgPoolGrad')
  return ({ inputs, attrs }) => {
    const { shape } = input(inputs, 'input')
    const { sizes, window } = plan(shape, attrs as unknown as tf.MaxPoolAttrs)
    if (window.padding === 'EXPLICIT')
      throw new Error('AvgPoolGrad on tensorflow needs padding valid or same')
    const attributes = [...sizes, ...paddingAttributes(operations, window)]
    return operations.run('AvgPoolGrad', [operations.ints(shape), input(inputs, 'dy')], attributes)
  }
}
