import type * as tf from '@tensorflow/tfjs-core'
import { input } from '../../wasm/kernels/kernel.ts'
import type { Compute } from '../compute.ts'
import { argument } from '../onednn/constants.ts'
import type { ConvolutionOperation } from '../onednn/dialect.ts'
import type { Operand, Primitive } from '../onednn/primitive.ts'
import {
  type ConvolutionGeometry,
  convolutionGeometry,
  type Family,
  keyOf,
  layoutsOf,
  operationOf,
} from './convolution-geometry.ts'

type Kind = ConvolutionOperation['kind']
type Role = readonly [argument: number, direction: Operand['direction']]

/** What input, filter and output of a convolution are to oneDNN, by what is computed. */
const roles: Readonly<Record<Kind, readonly [input: Role, filter: Role, output: Role]>> = {
  forward: [
    [argument.source, 'in'],
    [argument.weights, 'in'],
    [argument.destination, 'out'],
  ],
  'input-gradient': [
    [argument.sourceGradient, 'out'],
    [argument.weights, 'in'],
    [argument.destinationGradient, 'in'],
  ],
  'filter-gradient': [
    [argument.source, 'in'],
    [argument.weightsGradient, 'out'],
    [argument.destinationGradient, 'in'],
  ],
}

/** The compiled convolution or gradient; runs on the addresses of input, filter and output, in this order. */
function primitiveOf(compute: Compute, kind: Kind, geometry: ConvolutionGeometry): Primitive {
  return compute.primitive(keyOf(kind, geometry), ({ dialect, engine, attributes }) => {
    const layouts = layoutsOf(geometry)
    const operands = [layouts.input, layouts.filter, layouts.output].map((layout, i): Operand => {
      const [argument = 0, direction = 'in'] = roles[kind][i] ?? []
      return { argument, layout, direction }
    })
    const operation = operationOf(kind, geometry, layouts)
    return { descriptor: dialect.convolution(operation, engine, attributes), operands }
  })
}

/** Conv2D, DepthwiseConv2dNative, GroupedConv2D: x [B, H, W, Cin], filter -> [B, h, w, Cout]. */
export function convolution(compute: Compute, family: Family): tf.KernelFunc {
  const { memory } = compute
  return ({ inputs, attrs }) => {
    const x = input(inputs, 'x')
    const filter = input(inputs, 'filter')
    const geometry = convolutionGeometry(family, x.shape, filter.shape, attrs)
    const y = memory.heap.allocate(geometry.info.outShape)
    primitiveOf(compute, 'forward', geometry).run(memory.addresses(x, filter, y))
    return y
  }
}

/** The gradient of the input: dy [B, h, w, Cout], filter -> [B, H, W, Cin]. */
export function convolutionInputGradient(compute: Compute, family: Family): tf.KernelFunc {
  const { memory } = compute
  return ({ inputs, attrs }) => {
    const dy = input(inputs, 'dy')
    const filter = input(inputs, 'filter')
    const inputShape = attrs?.inputShape as number[]
    const geometry = convolutionGeometry(family, inputShape, filter.shape, attrs)
    const dx = memory.heap.allocate(inputShape)
    primitiveOf(compute, 'input-gradient', geometry).run(memory.addresses(dx, filter, dy))
    return dx
  }
}

/** The gradient of the filter: x [B, H, W, Cin], dy [B, h, w, Cout] -> the filter's shape. */
export function convolutionFilterGradient(compute: Compute, family: Family): tf.KernelFunc {
  const { memory } = compute
  return ({ inputs, attrs }) => {
    const x = input(inputs, 'x')
    const dy = input(inputs, 'dy')
    const filterShape = attrs?.filterShape as number[]
    const geometry = convolutionGeometry(family, x.shape, filterShape, attrs)
    const dw = memory.heap.allocate(filterShape)
    primitiveOf(compute, 'filter-gradient', geometry).run(memory.addresses(x, dw, dy))
    return dw
  }
}
