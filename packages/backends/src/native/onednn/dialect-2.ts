import {
  anyLayout,
  averageInside,
  averageOfWindow,
  directConvolution,
  float32,
  forwardTraining,
} from './constants.ts'
import { type Check, created, type Descriptor, type Dialect, dims, type Layout } from './dialect.ts'
import type { SharedLibrary } from './foreign.ts'

const pointer = 'void *'
/** Room for a `dnnl_memory_desc_t`, which takes 696 bytes in version 2.6. */
const descriptorBytes = 1024
/** Room for the description of an operation: up to seven memory descriptors and a few sizes. */
const operationBytes = 16_384

/** oneDNN 2: memory descriptors are structures, and an operation is described before its primitive descriptor is made. */
export function openDialect2(library: SharedLibrary, check: Check): Dialect {
  const pointers = (count: number) => Array<string>(count).fill(pointer)
  const initByStrides = library.func('dnnl_memory_desc_init_by_strides', 'int', [
    pointer,
    'int',
    pointer,
    'int',
    pointer,
  ])
  const initByTag = library.func('dnnl_memory_desc_init_by_tag', 'int', [
    pointer,
    'int',
    pointer,
    'int',
    'int',
  ])
  const forward = library.func('dnnl_dilated_convolution_forward_desc_init', 'int', [
    pointer,
    'int',
    'int',
    ...pointers(8),
  ])
  const inputGradient = library.func('dnnl_dilated_convolution_backward_data_desc_init', 'int', [
    pointer,
    'int',
    ...pointers(7),
  ])
  const filterGradient = library.func('dnnl_dilated_convolution_backward_weights_desc_init', 'int', [
    pointer,
    'int',
    ...pointers(8),
  ])
  const poolForward = library.func('dnnl_pooling_forward_desc_init', 'int', [
    pointer,
    'int',
    'int',
    ...pointers(6),
  ])
  const poolGradient = library.func('dnnl_pooling_backward_desc_init', 'int', [
    pointer,
    'int',
    ...pointers(6),
  ])
  const destroyPrimitiveDescriptor = library.func('dnnl_primitive_desc_destroy', 'int', [pointer])
  const descriptorCreate = library.func('dnnl_primitive_desc_create', 'int', [
    '_Out_ void **',
    ...pointers(4),
  ])

  const describe = ({ sizes, strides }: Layout): Descriptor => {
    const descriptor = new Uint8Array(descriptorBytes)
    const status =
      strides === undefined
        ? initByTag(descriptor, sizes.length, dims(sizes), float32, anyLayout)
        : initByStrides(descriptor, sizes.length, dims(sizes), float32, dims(strides))
    check(status, 'a layout')
    return descriptor
  }

  return {
    describe,
    release: () => {},
    convolution: (operation, engine, attributes) => {
      const [input, filter, output] = [operation.input, operation.filter, operation.output].map(describe)
      const { kind, strides, dilations, paddingBefore, paddingAfter } = operation
      const geometry = [strides, dilations, paddingBefore, paddingAfter].map(dims)
      const described = new Uint8Array(operationBytes)
      const what = `a convolution's ${kind}`
      if (kind === 'forward') {
        check(
          forward(described, forwardTraining, directConvolution, input, filter, null, output, ...geometry),
          what,
        )
      } else if (kind === 'input-gradient') {
        check(inputGradient(described, directConvolution, input, filter, output, ...geometry), what)
      } else {
        check(filterGradient(described, directConvolution, input, filter, null, output, ...geometry), what)
      }
      return created(check, what, descriptorCreate, described, attributes, engine, null)
    },
    averagePool: (operation, engine, attributes) => {
      const { kind, window, strides, paddingBefore, paddingAfter } = operation
      const algorithm = operation.countsPadding ? averageOfWindow : averageInside
      const tensors = [operation.input, operation.output].map(describe)
      const geometry = [strides, window, paddingBefore, paddingAfter].map(dims)
      const what = 'an average pooling'
      const described = new Uint8Array(operationBytes)
      check(poolForward(described, forwardTraining, algorithm, ...tensors, ...geometry), what)
      const forwardDescriptor = created(check, what, descriptorCreate, described, attributes, engine, null)
      if (kind === 'forward') return forwardDescriptor
      try {
        check(poolGradient(described, algorithm, ...tensors, ...geometry), what)
        return created(check, what, descriptorCreate, described, attributes, engine, forwardDescriptor)
      } finally {
        destroyPrimitiveDescriptor(forwardDescriptor)
      }
    },
  }
}
