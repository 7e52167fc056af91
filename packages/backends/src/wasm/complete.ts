import * as tf from '@tensorflow/tfjs-core'

type Pads = { top: number; left: number }

/** Puts s - 1 zeros between neighbouring pixels of dY. [B, h, w, C] -> [B, (h-1)s+1, (w-1)s+1, C] */
function dilate(dy: tf.Tensor4D, stride: number): tf.Tensor4D {
  if (stride === 1) return dy
  const [b, h, w, c] = dy.shape
  const spread = tf.pad(tf.reshape(dy, [b, h, 1, w, 1, c]), [
    [0, 0],
    [0, 0],
    [0, stride - 1],
    [0, 0],
    [0, stride - 1],
    [0, 0],
  ])
  return tf.slice(
    tf.reshape(spread, [b, h * stride, w * stride, c]) as tf.Tensor4D,
    [0, 0, 0, 0],
    [b, (h - 1) * stride + 1, (w - 1) * stride + 1, c],
  )
}

/** Pads, or crops where the number is negative. */
function padOrCrop(x: tf.Tensor4D, top: number, bottom: number, left: number, right: number): tf.Tensor4D {
  const [b, h, w, c] = x.shape
  const cropped = tf.slice(
    x,
    [0, Math.max(0, -top), Math.max(0, -left), 0],
    [b, h + Math.min(0, top) + Math.min(0, bottom), w + Math.min(0, left) + Math.min(0, right), c],
  )
  return tf.pad(cropped, [
    [0, 0],
    [Math.max(0, top), Math.max(0, bottom)],
    [Math.max(0, left), Math.max(0, right)],
    [0, 0],
  ])
}

function gradientOfInput(
  dy: tf.Tensor4D,
  filter: tf.Tensor4D,
  shape: readonly number[],
  stride: number,
  pads: Pads,
) {
  const [kh, kw] = filter.shape
  const d = dilate(dy, stride)
  const top = kh - 1 - pads.top
  const left = kw - 1 - pads.left
  const bottom = (shape[1] ?? 0) - (d.shape[1] + top - kh + 1)
  const right = (shape[2] ?? 0) - (d.shape[2] + left - kw + 1)
  const rotated = tf.transpose(tf.reverse(filter, [0, 1]), [0, 1, 3, 2])
  return tf.conv2d(padOrCrop(d, top, bottom, left, right), rotated, 1, 'valid')
}

function gradientOfFilter(
  x: tf.Tensor4D,
  dy: tf.Tensor4D,
  shape: readonly number[],
  stride: number,
  pads: Pads,
) {
  const [kh = 1, kw = 1] = shape
  const d = dilate(dy, stride)
  const bottom = d.shape[1] + kh - 1 - pads.top - x.shape[1]
  const right = d.shape[2] + kw - 1 - pads.left - x.shape[2]
  const padded = padOrCrop(x, pads.top, bottom, pads.left, right)
  const y = tf.conv2d(tf.transpose(padded, [3, 1, 2, 0]), tf.transpose(d, [1, 2, 0, 3]), 1, 'valid')
  return tf.transpose(y, [1, 2, 0, 3])
}

/** Registers the gradient kernels that the WebAssembly backend lacks, composed of its own convolution. */
export function completeWasm(): void {
  if (tf.getKernel('Conv2DBackpropFilter', 'wasm') !== undefined) return
  tf.unregisterKernel('Conv2DBackpropInput', 'wasm')
  tf.registerKernel({
    kernelName: 'Conv2DBackpropInput',
    backendName: 'wasm',
    kernelFunc: ({ inputs, attrs }) => {
      const { dy, filter } = inputs as unknown as { dy: tf.Tensor4D; filter: tf.Tensor4D }
      const { strides, pad, inputShape } = attrs as unknown as tf.Conv2DBackpropInputAttrs
      const info = tf.backend_util.computeConv2DInfo(inputShape, filter.shape, strides, 1, pad)
      return tf.tidy(() => gradientOfInput(dy, filter, inputShape, info.strideHeight, info.padInfo))
    },
  })
  tf.registerKernel({
    kernelName: 'Conv2DBackpropFilter',
    backendName: 'wasm',
    kernelFunc: ({ inputs, attrs }) => {
      const { x, dy } = inputs as unknown as { x: tf.Tensor4D; dy: tf.Tensor4D }
      const { strides, pad, filterShape } = attrs as unknown as tf.Conv2DBackpropFilterAttrs
      const info = tf.backend_util.computeConv2DInfo(x.shape, filterShape, strides, 1, pad)
      return tf.tidy(() => gradientOfFilter(x, dy, filterShape, info.strideHeight, info.padInfo))
    },
  })
}
