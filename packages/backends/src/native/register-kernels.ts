import * as tf from '@tensorflow/tfjs-core'
import type { Compute } from './compute.ts'
import { averagePool, averagePoolGradient } from './kernels/average-pool.ts'
import { convolution, convolutionFilterGradient, convolutionInputGradient } from './kernels/convolution.ts'
import { matMul } from './kernels/mat-mul.ts'

/** Puts the kernels that oneDNN computes in place of those of wasm, for the backend `native`. */
export function registerNativeKernels(compute: Compute): void {
  const kernels: Readonly<Record<string, tf.KernelFunc>> = {
    AvgPool: averagePool(compute),
    AvgPoolGrad: averagePoolGradient(compute),
    BatchMatMul: matMul(compute),
    Conv2D: convolution(compute, 'plain'),
    Conv2DBackpropInput: convolutionInputGradient(compute, 'plain'),
    Conv2DBackpropFilter: convolutionFilterGradient(compute, 'plain'),
    DepthwiseConv2dNative: convolution(compute, 'depthwise'),
    DepthwiseConv2dNativeBackpropInput: convolutionInputGradient(compute, 'depthwise'),
    DepthwiseConv2dNativeBackpropFilter: convolutionFilterGradient(compute, 'depthwise'),
    GroupedConv2D: convolution(compute, 'grouped'),
    GroupedConv2DBackpropInput: convolutionInputGradient(compute, 'grouped'),
    GroupedConv2DBackpropFilter: convolutionFilterGradient(compute, 'grouped'),
  }
  for (const [kernelName, kernelFunc] of Object.entries(kernels)) {
    if (tf.getKernel(kernelName, 'native') !== undefined) tf.unregisterKernel(kernelName, 'native')
    tf.registerKernel({ kernelName, backendName: 'native', kernelFunc })
  }
}
