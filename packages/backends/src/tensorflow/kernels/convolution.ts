import type * as tf from '@tensorflow/tfjs-core'
import type { Operations } from '../operations.ts'
import { type ConvAttributes, convPlanner } from './conv-plan.ts'
import { input } from './kernel.ts'

/** A convolution's name at tfjs and at TensorFlow, which is the same. */
export type Convolution = 'Conv2D' | 'DepthwiseConv2dNative'

/**
 * Conv2D: x [B, H, W, Cin], filter [kh, kw, Cin, Cout] -> [B, h, w, Cout];
 * DepthwiseConv2dNative: x [B, H, W, C], filter [kh, kw, C, m] -> [B, h, w, C m].
 */
export function convolution(operations: Operations, name: Convolution): tf.KernelFunc {
  const plan = convPlanner(operations, name, name !== 'Conv2D')
  return ({ inputs, attrs }) => {
    const x = input(inputs, 'x')
    const filter = input(inputs, 'filter')
    const { attributes } = plan(x.shape, filter.shape, attrs as unknown as ConvAttributes)
    return operations.run(name, [x, filter], attributes)
  }
}

/**
 * The gradient of a convolution in its input: dy, filter -> [B, H, W, Cin].
 *
 * Under explicit padding the gradient of the padded image is cut: TensorFlow gives `SAME` and `VALID` alone to oneDNN,
 * and its own kernel takes up to eleven times as long for the strided convolutions of a ResNet.
 */
export function convInputGradient(operations: Operations, name: Convolution): tf.KernelFunc {
  const kernelName = `${name}BackpropInput`
  const plan = convPlanner(operations, kernelName, name !== 'Conv2D')
  return ({ inputs, attrs }) => {
    const dy = input(inputs, 'dy')
    const filter = input(inputs, 'filter')
    const shape = attrs?.inputShape as number[]
    const { attributes, explicit } = plan(shape, filter.shape, attrs as unknown as ConvAttributes)
    if (!explicit) return operations.run(kernelName, [operations.ints(shape), filter, dy], attributes)
    const padded = operations.run(
      kernelName,
      [operations.ints(explicit.paddedShape), filter, dy],
      explicit.attributes,
    )
    const dx = operations.run('Slice', [padded, operations.ints(explicit.begin), operations.ints(shape)])
    padded.dispose()
    return dx
  }
}

/**
 * The gradient of a convolution in its filter: x, dy -> [kh, kw, Cin, Cout], or [kh, kw, C, m].
 *
 * Under explicit padding x is padded first, for the same reason. For a 1x1 filter that skips pixels, those that it looks at
 * are picked first, by pooling over single pixels: oneDNN's own kernel, in TensorFlow 2.18, writes past its memory where it
 * has more threads than images.
 */
export function convFilterGradient(operations: Operations, name: Convolution): tf.KernelFunc {
  const kernelName = `${name}BackpropFilter`
  const plan = convPlanner(operations, kernelName, name !== 'Conv2D')
  return ({ inputs, attrs }) => {
    const x = input(inputs, 'x')
    const dy = input(inputs, 'dy')
    const shape = attrs?.filterShape as number[]
    const { explicit, picking, filterAttributes } = plan(x.shape, shape, attrs as unknown as ConvAttributes)
    const padded = explicit && operations.run('Pad', [x, explicit.paddings])
    const picked = picking && operations.run('AvgPool', [padded ?? x], picking)
    const dw = operations.run(
      kernelName,
      [picked ?? padded ?? x, operations.ints(shape), dy],
      filterAttributes,
    )
    padded?.dispose()
    picked?.dispose()
    return dw
  }
}
