import type * as tf from '@tensorflow/tfjs-core'
import type { Attribute, Operations } from '../operations.ts'

export type Sides = readonly [number, number]

/** Where the windows of a convolution or of pooling stand. */
export interface Window {
  readonly padding: 'SAME' | 'VALID' | 'EXPLICIT'
  /** Rows and columns of padding, before and after. */
  readonly rows: Sides
  readonly columns: Sides
}

type Info = tf.backend_util.Conv2DInfo

/** What TensorFlow pads in all under `SAME`: it puts the smaller half before. */
function samePadding(size: number, filter: number, stride: number, dilation: number): Sides {
  const extent = (filter - 1) * dilation + 1
  const total = Math.max(0, (Math.ceil(size / stride) - 1) * stride + extent - size)
  return [Math.floor(total / 2), Math.ceil(total / 2)]
}

const equal = (a: Sides, b: Sides) => a[0] === b[0] && a[1] === b[1]

/**
 * Reads the padding of tfjs' geometry as TensorFlow names it.
 *
 * Numbers are given the name `SAME` or `VALID` wherever that means the same pixels: oneDNN has kernels for these
 * two, and explicit padding is left to slower ones.
 *
 * @throws Error for what no network here uses: NCHW, and sizes that are rounded up
 */
export function windowOf(kernelName: string, info: Info): Window {
  if (info.dataFormat !== 'channelsLast') throw new Error(`${kernelName} on tensorflow needs NHWC`)
  const { top, bottom, left, right } = info.padInfo
  const rows: Sides = [top, bottom]
  const columns: Sides = [left, right]
  const fits = (size: number, [before, after]: Sides, filter: number, stride: number, dilation: number) =>
    Math.floor((size + before + after - (filter - 1) * dilation - 1) / stride) + 1
  const height = fits(info.inHeight, rows, info.filterHeight, info.strideHeight, info.dilationHeight)
  const width = fits(info.inWidth, columns, info.filterWidth, info.strideWidth, info.dilationWidth)
  if (height !== info.outHeight || width !== info.outWidth) {
    throw new Error(`${kernelName} on tensorflow needs sizes that are rounded down`)
  }
  const zero: Sides = [0, 0]
  if (equal(rows, zero) && equal(columns, zero)) return { padding: 'VALID', rows, columns }
  const same =
    equal(rows, samePadding(info.inHeight, info.filterHeight, info.strideHeight, info.dilationHeight)) &&
    equal(columns, samePadding(info.inWidth, info.filterWidth, info.strideWidth, info.dilationWidth)) &&
    info.outHeight === Math.ceil(info.inHeight / info.strideHeight) &&
    info.outWidth === Math.ceil(info.inWidth / info.strideWidth)
  return { padding: same ? 'SAME' : 'EXPLICIT', rows, columns }
}

/** The padding as attributes of a convolution or of max pooling, NHWC. */
export function paddingAttributes(operations: Operations, { padding, rows, columns }: Window): Attribute[] {
  if (padding !== 'EXPLICIT') return [operations.string('padding', padding)]
  return [
    operations.string('padding', padding),
    operations.int('explicit_paddings', [0, 0, ...rows, ...columns, 0, 0]),
  ]
}
