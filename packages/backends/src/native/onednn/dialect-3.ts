import {
  anyLayout,
  averageInside,
  averageOfWindow,
  directConvolution,
  float32,
  forwardTraining,
} from './constants.ts'
import { type Check, created, type Descriptor, type Dialect, dims, type Layout } from './dialect.ts'
import type { ForeignFunction, SharedLibrary } from './foreign.ts'

const out = '_Out_ void **'
const pointer = 'void *'

/** oneDNN 3: memory descriptors are handles, and primitive descriptors are made in one call. */
export function openDialect3(library: SharedLibrary, check: Check): Dialect {
  const withStrides = library.func('dnnl_memory_desc_create_with_strides', 'int', [
    out,
    'int',
    pointer,
    'int',
    pointer,
  ])
  const withTag = library.func('dnnl_memory_desc_create_with_tag', 'int', [out, 'int', pointer, 'int', 'int'])
  const destroy = library.func('dnnl_memory_desc_destroy', 'int', [pointer])
  const pointers = (count: number) => Array<string>(count).fill(pointer)
  const forward = library.func('dnnl_convolution_forward_primitive_desc_create', 'int', [
    out,
    pointer,
    'int',
    'int',
    ...pointers(9),
  ])
  const inputGradient = library.func('dnnl_convolution_backward_data_primitive_desc_create', 'int', [
    out,
    pointer,
    'int',
    ...pointers(9),
  ])
  const filterGradient = library.func('dnnl_convolution_backward_weights_primitive_desc_create', 'int', [
    out,
    pointer,
    'int',
    ...pointers(10),
  ])
  const poolForward = library.func('dnnl_pooling_forward_primitive_desc_create', 'int', [
    out,
    pointer,
    'int',
    'int',
    ...pointers(8),
  ])
  const poolGradient = library.func('dnnl_pooling_backward_primitive_desc_create', 'int', [
    out,
    pointer,
    'int',
    ...pointers(9),
  ])
  const destroyPrimitiveDescriptor = library.func('dnnl_primitive_desc_destroy', 'int', [pointer])

  const describe = ({ sizes, strides }: Layout): Descriptor =>
    strides === undefined
      ? created(check, 'a layout', withTag, sizes.length, dims(sizes), float32, anyLayout)
      : created(check, 'a layout', withStrides, sizes.length, dims(sizes), float32, dims(strides))
  const release = (descriptor: Descriptor) => {
    destroy(descriptor)
  }
  const describing = <T>(layouts: readonly Layout[], use: (descriptors: readonly Descriptor[]) => T): T => {
    const descriptors: Descriptor[] = []
    try {
      for (const layout of layouts) descriptors.push(describe(layout))
      return use(descriptors)
    } finally {
      descriptors.forEach(release)
    }
  }

  return {
    describe,
    release,
    convolution: (operation, engine, attributes) =>
      describing([operation.input, operation.filter, operation.output], ([input, filter, output]) => {
        const { strides, dilations, paddingBefore, paddingAfter } = operation
        const geometry = [strides, dilations, paddingBefore, paddingAfter].map(dims)
        const make = (create: ForeignFunction, ...args: unknown[]) =>
          created(check, `a convolution's ${operation.kind}`, create, ...args)
        switch (operation.kind) {
          case 'forward':
            return make(
              forward,
              engine,
              forwardTraining,
              directConvolution,
              input,
              filter,
              null,
              output,
              ...geometry,
              attributes,
            )
          case 'input-gradient':
            return make(
              inputGradient,
              engine,
              directConvolution,
              input,
              filter,
              output,
              ...geometry,
              null,
              attributes,
            )
          case 'filter-gradient':
            return make(
              filterGradient,
              engine,
              directConvolution,
              input,
              filter,
              null,
              output,
              ...geometry,
              null,
              attributes,
            )
        }
      }),
    averagePool: (operation, engine, attributes) =>
      describing([operation.input, operation.output], ([input, output]) => {
        const { kind, window, strides, paddingBefore, paddingAfter } = operation
        const algorithm = operation.countsPadding ? averageOfWindow : averageInside
        const geometry = [strides, window, [0, 0], paddingBefore, paddingAfter].map(dims)
        const what = 'an average pooling'
        const tensors = [input, output, ...geometry]
        const forwardDescriptor = created(
          check,
          what,
          poolForward,
          engine,
          forwardTraining,
          algorithm,
          ...tensors,
          attributes,
        )
        if (kind === 'forward') return forwardDescriptor
        try {
          const call = [engine, algorithm, ...tensors, forwardDescriptor, attributes]
          return created(check, what, poolGradient, ...call)
        } finally {
          destroyPrimitiveDescriptor(forwardDescriptor)
        }
      }),
  }
}
