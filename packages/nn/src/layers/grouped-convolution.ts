/**
 * Grouped convolution over [B, H, W, C]: the channels of x and the filters fall into equally many groups, and group g
 * of the filters sees group g of the channels alone (Krizhevsky et al., NIPS 2012; Xie et al., CVPR 2017, figure 3c).
 *
 * Composed of one convolution a group between a split and a concatenation. A backend may bring kernels of its own under
 * the names below; they must give what the composed functions give. Filters are [h, w, C / groups, F], group after group along F,
 * as TensorFlow and PyTorch have them.
 *   GroupedConv2D                {x, filter}   -> y [B, H', W', F]
 *   GroupedConv2DBackpropInput   {dy, filter}, {inputShape}   -> dx
 *   GroupedConv2DBackpropFilter  {x, dy}, {filterShape}   -> dFilter
 * all with {groups, strides, pad}: strides one number, pad `same`, `valid` or explicit.
 */
import * as tf from '@tensorflow/tfjs-core'

export const groupedConvKernel = 'GroupedConv2D'
export const groupedConvInputGradKernel = 'GroupedConv2DBackpropInput'
export const groupedConvFilterGradKernel = 'GroupedConv2DBackpropFilter'

export interface GroupedConvOptions {
  /** Divides the channels of x and the filters. */
  readonly groups: number
  readonly strides: number
  readonly pad: 'same' | 'valid' | tf.backend_util.ExplicitPadding
}

function hasKernel(name: string): boolean {
  return tf.getKernel(name, tf.getBackend()) !== undefined
}

function run(kernelName: string, inputs: tf.NamedTensorMap, attrs: object): tf.Tensor4D {
  return tf.engine().runKernel<tf.Tensor4D>(kernelName, inputs, attrs as tf.NamedAttrMap)
}

/** The parts of two tensors along their last axis, group by group. */
function pairs(a: tf.Tensor4D, b: tf.Tensor4D, groups: number): [tf.Tensor4D, tf.Tensor4D][] {
  const others = tf.split<tf.Tensor4D>(b, groups, -1)
  return tf.split<tf.Tensor4D>(a, groups, -1).map((part, group) => [part, others[group] ?? b])
}

/** The forward pass in core ops. */
export function groupedConvForward(
  x: tf.Tensor4D,
  filter: tf.Tensor4D,
  { groups, strides, pad }: GroupedConvOptions,
): tf.Tensor4D {
  const parts = pairs(x, filter, groups).map(([map, kernel]) => tf.conv2d(map, kernel, strides, pad))
  return tf.concat(parts, -1) // [B, H', W', F]
}

/** dx in core ops, [B, H, W, C]. */
export function groupedConvInputGradient(
  dy: tf.Tensor4D,
  filter: tf.Tensor4D,
  inputShape: readonly number[],
  { groups, strides, pad }: GroupedConvOptions,
): tf.Tensor4D {
  const [batch = 0, height = 0, width = 0, channels = 0] = inputShape
  const attrs = convAttributes(strides, pad)
  const parts = pairs(dy, filter, groups).map(([gradient, kernel]) =>
    run(
      'Conv2DBackpropInput',
      { dy: gradient, filter: kernel },
      { ...attrs, inputShape: [batch, height, width, channels / groups] },
    ),
  )
  return tf.concat(parts, -1)
}

/** dFilter in core ops, [h, w, C / groups, F]. */
export function groupedConvFilterGradient(
  x: tf.Tensor4D,
  dy: tf.Tensor4D,
  filterShape: readonly number[],
  { groups, strides, pad }: GroupedConvOptions,
): tf.Tensor4D {
  const [height = 0, width = 0, channels = 0, filters = 0] = filterShape
  const attrs = convAttributes(strides, pad)
  const parts = pairs(x, dy, groups).map(([map, gradient]) =>
    run(
      'Conv2DBackpropFilter',
      { x: map, dy: gradient },
      { ...attrs, filterShape: [height, width, channels, filters / groups] },
    ),
  )
  return tf.concat(parts, -1)
}

function convAttributes(strides: number, pad: GroupedConvOptions['pad']) {
  return { strides, pad, dataFormat: 'NHWC', dimRoundingMode: 'floor' }
}

/**
 * Can be differentiated by x and filter.
 *
 * @param x [B, H, W, C]
 * @param filter [h, w, C / groups, F]
 * @returns [B, H', W', F]
 */
export function groupedConvolution(
  x: tf.Tensor4D,
  filter: tf.Tensor4D,
  opts: GroupedConvOptions,
): tf.Tensor4D {
  const { shape: inputShape } = x
  const { shape: filterShape } = filter
  const operation = tf.customGrad((...args) => {
    const save = args[2] as unknown as tf.GradSaveFunc
    const value = hasKernel(groupedConvKernel)
      ? run(groupedConvKernel, { x, filter }, opts)
      : groupedConvForward(x, filter, opts)
    save([x, filter])
    return {
      value,
      gradFunc: (upstream: tf.Tensor, saved: tf.Tensor[]) => {
        const [savedX, savedFilter] = saved as [tf.Tensor4D, tf.Tensor4D]
        const dy = upstream as tf.Tensor4D
        return [
          hasKernel(groupedConvInputGradKernel)
            ? run(groupedConvInputGradKernel, { dy, filter: savedFilter }, { ...opts, inputShape })
            : groupedConvInputGradient(dy, savedFilter, inputShape, opts),
          hasKernel(groupedConvFilterGradKernel)
            ? run(groupedConvFilterGradKernel, { x: savedX, dy }, { ...opts, filterShape })
            : groupedConvFilterGradient(savedX, dy, filterShape, opts),
        ]
      },
    }
  })
  return operation(x, filter) as tf.Tensor4D
}
