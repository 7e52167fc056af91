import * as tf from '@tensorflow/tfjs-core'

/** Length of a sum from which tfjs may split it among threads that add to one number as they finish. */
const splitLength = 2000

/** tfjs' program that works in tiles, for a product of any size. */
const tiledProgram = 3

const programFlag = 'WEBGPU_MATMUL_PROGRAM_TYPE'

/** Products in a sum of a matrix product, batched or not, or of a convolution that is computed as one. */
function sumLength({ a, x, filter }: tf.NamedTensorInfoMap, attrs: tf.NamedAttrMap | undefined): number {
  if (a) return a.shape.at(attrs?.transposeA === true ? -2 : -1) ?? 1
  return x && filter ? tf.util.sizeFromShape(filter.shape.slice(0, 3)) : 1
}

/** A product or convolution whose long sums are always summed in the same order. */
export function matMul(original: tf.KernelFunc): tf.KernelFunc {
  return (call) => {
    if (sumLength(call.inputs, call.attrs) < splitLength) return original(call)
    tf.env().set(programFlag, tiledProgram)
    try {
      return original(call)
    } finally {
      tf.env().set(programFlag, -1)
    }
  }
}
