import * as tf from '@tensorflow/tfjs-core'
import { Heap } from './heap.ts'
import { batchMatMul } from './kernels/batch-mat-mul.ts'
import { batchNormTraining, batchNormTrainingGradient } from './kernels/batch-norm.ts'
import { convFilterGradient } from './kernels/conv-filter-gradient.ts'
import { convInputGradient } from './kernels/conv-input-gradient.ts'
import { depthwiseFilterGradient, depthwiseInputGradient } from './kernels/depthwise-gradient.ts'
import { groupedConv, groupedConvFilterGradient, groupedConvInputGradient } from './kernels/grouped-conv.ts'
import { identity } from './kernels/identity.ts'
import { registerWasmKernel } from './kernels/kernel.ts'
import { maxPoolGradient } from './kernels/max-pool-gradient.ts'
import { reluGradient } from './kernels/relu-gradient.ts'
import { convolution } from './kernels/winograd.ts'

let completed: Heap | undefined

/**
 * Adds to the current (wasm) backend what training needs and tfjs doesn't ship, or ships slow.
 *
 * The kernels work in place on tfjs' own memory through a second module of plain simd128 code, assembled by
 * `simd/`. They use one thread and a fixed order of summation: the same inputs give the same bytes.
 *
 * @returns the memory that the kernels work on
 */
export async function completeWasm(): Promise<Heap> {
  if (completed) return completed
  const heap = await Heap.open()
  const conv2d = convolution(heap, tf.getKernel('Conv2D', 'wasm').kernelFunc)
  const matMul = tf.getKernel('BatchMatMul', 'wasm').kernelFunc
  registerWasmKernel('Conv2D', conv2d)
  registerWasmKernel('Conv2DBackpropFilter', convFilterGradient(heap))
  registerWasmKernel('Conv2DBackpropInput', convInputGradient(heap, conv2d))
  registerWasmKernel('DepthwiseConv2dNativeBackpropInput', depthwiseInputGradient(heap))
  registerWasmKernel('DepthwiseConv2dNativeBackpropFilter', depthwiseFilterGradient(heap))
  registerWasmKernel('GroupedConv2D', groupedConv(heap, conv2d))
  registerWasmKernel('GroupedConv2DBackpropInput', groupedConvInputGradient(heap, conv2d))
  registerWasmKernel('GroupedConv2DBackpropFilter', groupedConvFilterGradient(heap))
  registerWasmKernel('BatchMatMul', batchMatMul(heap, matMul))
  registerWasmKernel('Identity', identity(heap))
  registerWasmKernel('MaxPoolGrad', maxPoolGradient(heap))
  registerWasmKernel('BatchNormTraining', batchNormTraining(heap))
  registerWasmKernel('BatchNormTrainingGrad', batchNormTrainingGradient(heap))
  registerWasmKernel('ReluGrad', reluGradient(heap))
  completed = heap
  return heap
}
