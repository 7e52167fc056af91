import * as tf from '@tensorflow/tfjs-core'
import { input } from '../../wasm/kernels/kernel.ts'
import type { Compute } from '../compute.ts'
import { argument } from '../onednn/constants.ts'
import type { Pair, PoolOperation } from '../onednn/dialect.ts'
import type { Operand, Primitive } from '../onednn/primitive.ts'
import { activations, paddingAfter } from './convolution-geometry.ts'

type Info = tf.backend_util.Conv2DInfo

function poolInfo(shape: readonly number[], attrs: tf.NamedAttrMap | undefined): Info {
  const { filterSize, strides, pad, dimRoundingMode } = attrs as unknown as tf.AvgPoolAttrs
  const shape4D = shape as [number, number, number, number]
  return tf.backend_util.computePool2DInfo(shape4D, filterSize, strides, 1, pad, dimRoundingMode)
}

function primitiveOf(compute: Compute, kind: PoolOperation['kind'], info: Info): Primitive {
  const window: Pair = [info.filterHeight, info.filterWidth]
  const strides: Pair = [info.strideHeight, info.strideWidth]
  const { top, left } = info.padInfo
  const key = ['average-pool', kind, info.inShape, info.outShape, window, strides, top, left].join()
  const forward = kind === 'forward'
  return compute.primitive(key, ({ dialect, engine, attributes }) => {
    const from = activations(info.batchSize, info.inChannels, info.inHeight, info.inWidth)
    const to = activations(info.batchSize, info.outChannels, info.outHeight, info.outWidth)
    const operation: PoolOperation = {
      kind,
      input: from,
      output: to,
      window,
      strides,
      paddingBefore: [top, left],
      paddingAfter: paddingAfter(info),
      // As tfjs' own: the mean of what is inside; its gradient kernel divides by the whole window.
      countsPadding: !forward,
    }
    const operands: Operand[] = forward
      ? [
          { argument: argument.source, layout: from, direction: 'in' },
          { argument: argument.destination, layout: to, direction: 'out' },
        ]
      : [
          { argument: argument.sourceGradient, layout: from, direction: 'out' },
          { argument: argument.destinationGradient, layout: to, direction: 'in' },
        ]
    return { descriptor: dialect.averagePool(operation, engine, attributes), operands }
  })
}

/** AvgPool: x [B, H, W, C] -> [B, h, w, C], the mean of the window's pixels inside of the image. */
export function averagePool(compute: Compute): tf.KernelFunc {
  const { memory } = compute
  return ({ inputs, attrs }) => {
    const x = input(inputs, 'x')
    const info = poolInfo(x.shape, attrs)
    const y = memory.heap.allocate(info.outShape)
    primitiveOf(compute, 'forward', info).run(memory.addresses(x, y))
    return y
  }
}

/** AvgPoolGrad: dy [B, h, w, C], the shape of input [B, H, W, C] -> [B, H, W, C]. */
export function averagePoolGradient(compute: Compute): tf.KernelFunc {
  const { memory } = compute
  return ({ inputs, attrs }) => {
    const dy = input(inputs, 'dy')
    const { shape } = input(inputs, 'input')
    const dx = memory.heap.allocate(shape)
    primitiveOf(compute, 'input-gradient', poolInfo(shape, attrs)).run(memory.addresses(dx, dy))
    return dx
  }
}
