import * as tf from '@tensorflow/tfjs-core'
import { type Gradient, savedAt, single, unbroadcast } from './gradient.ts'

function run(kernelName: string, inputs: tf.NamedTensorMap, attrs: tf.NamedAttrMap): tf.Tensor {
  return tf.engine().runKernel(kernelName, inputs, attrs)
}

function refuseDilation(kernelName: string, attrs: tf.NamedAttrMap): void {
  if (!tf.backend_util.tupleValuesAreOne(attrs.dilations as number | number[]))
    throw new Error(`the gradient of ${kernelName} needs dilation 1`)
}

/** dA and dB of a (transposed or not) matrix product, batched or not. */
const matMulGradient: Gradient = {
  kernelName: 'BatchMatMul',
  inputsToSave: ['a', 'b'],
  gradFunc: (grad, saved, attrs) => {
    const dy = single(grad)
    const a = savedAt(saved, 0)
    const b = savedAt(saved, 1)
    const ta = attrs.transposeA === true
    const tb = attrs.transposeB === true
    return {
      a: () => unbroadcast(ta ? tf.matMul(b, dy, tb, true) : tf.matMul(dy, b, false, !tb), a.shape),
      b: () => unbroadcast(tb ? tf.matMul(dy, a, true, ta) : tf.matMul(a, dy, !ta, false), b.shape),
    }
  },
}

/**
 * Average pooling divides by the pixels that lie inside the image, which the `AvgPoolGrad` kernels of tfjs
 * forget where there is padding. So dY is divided here, and the kernel only spreads it over a padded image.
 */
function avgPoolGradient(dy: tf.Tensor, x: tf.Tensor, attrs: tf.NamedAttrMap): tf.Tensor {
  const { filterSize, strides, pad, dimRoundingMode } = attrs as unknown as tf.AvgPoolAttrs
  const shape = x.shape as [number, number, number, number]
  const info = tf.backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode)
  const { top, bottom, left, right } = info.padInfo
  const spread = { filterSize, strides, pad: 'valid' }
  if (top + bottom + left + right === 0) return run('AvgPoolGrad', { dy, input: x }, spread)
  const [batch, height, width, channels] = shape
  const { outHeight, outWidth, filterHeight, filterWidth, strideHeight, strideWidth } = info
  const inside = (o: number, stride: number, before: number, filter: number, size: number) =>
    Math.min(o * stride - before + filter, size) - Math.max(o * stride - before, 0)
  const scale = new Float32Array(outHeight * outWidth)
  for (let y = 0; y < outHeight; y++) {
    const rows = inside(y, strideHeight, top, filterHeight, height)
    for (let c = 0; c < outWidth; c++) {
      const columns = inside(c, strideWidth, left, filterWidth, width)
      scale[y * outWidth + c] = (filterHeight * filterWidth) / (rows * columns)
    }
  }
  const shared = tf.mul(dy, tf.tensor4d(scale, [1, outHeight, outWidth, 1])) // [B, h, w, C]
  const padded = tf.zeros([batch, height + top + bottom, width + left + right, channels])
  return tf.slice(run('AvgPoolGrad', { dy: shared, input: padded }, spread), [0, top, left, 0], shape)
}

export const layerGradients: readonly Gradient[] = [
  matMulGradient,
  {
    kernelName: 'Conv2D',
    inputsToSave: ['x', 'filter'],
    gradFunc: (grad, saved, attrs) => {
      refuseDilation('Conv2D', attrs)
      const dy = single(grad)
      const x = savedAt(saved, 0)
      const filter = savedAt(saved, 1)
      const common = {
        strides: attrs.strides ?? 1,
        pad: attrs.pad ?? 0,
        dataFormat: attrs.dataFormat ?? 'NHWC',
        dimRoundingMode: attrs.dimRoundingMode ?? 'floor',
      }
      return {
        x: () => run('Conv2DBackpropInput', { dy, filter }, { ...common, inputShape: x.shape }),
        filter: () => run('Conv2DBackpropFilter', { x, dy }, { ...common, filterShape: filter.shape }),
      }
    },
  },
  {
    kernelName: 'DepthwiseConv2dNative',
    inputsToSave: ['x', 'filter'],
    gradFunc: (grad, saved, attrs) => {
      refuseDilation('DepthwiseConv2dNative', attrs)
      const dy = single(grad)
      const x = savedAt(saved, 0)
      const filter = savedAt(saved, 1)
      const common = {
        strides: attrs.strides ?? 1,
        pad: attrs.pad ?? 0,
        dilations: 1,
        dimRoundingMode: attrs.dimRoundingMode ?? 'floor',
      }
      return {
        x: () =>
          run('DepthwiseConv2dNativeBackpropInput', { dy, filter }, { ...common, inputShape: x.shape }),
        filter: () =>
          run('DepthwiseConv2dNativeBackpropFilter', { x, dy }, { ...common, filterShape: filter.shape }),
      }
    },
  },
  {
    kernelName: 'MaxPool',
    inputsToSave: ['x'],
    outputsToSave: [true],
    gradFunc: (grad, saved, attrs) => ({
      x: () =>
        run('MaxPoolGrad', { dy: single(grad), input: savedAt(saved, 0), output: savedAt(saved, 1) }, attrs),
    }),
  },
  {
    kernelName: 'AvgPool',
    inputsToSave: ['x'],
    gradFunc: (grad, saved, attrs) => ({ x: () => avgPoolGradient(single(grad), savedAt(saved, 0), attrs) }),
  },
  ...(['ResizeBilinear', 'ResizeNearestNeighbor'] as const).map(
    (kernelName): Gradient => ({
      kernelName,
      inputsToSave: ['images'],
      gradFunc: (grad, saved, attrs) => ({
        images: () => run(`${kernelName}Grad`, { images: savedAt(saved, 0), dy: single(grad) }, attrs),
      }),
    }),
  ),
]
