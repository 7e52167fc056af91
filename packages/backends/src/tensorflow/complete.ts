import * as tf from '@tensorflow/tfjs-core'
import { batchNormTraining, batchNormTrainingGradient } from './kernels/batch-norm.ts'
import { convFilterGradient, convInputGradient, convolution } from './kernels/convolution.ts'
import { fusedConvolution } from './kernels/fused-convolution.ts'
import { globalAveragePool, globalAveragePoolGradient } from './kernels/global-average-pool.ts'
import { registerTensorflowKernel } from './kernels/kernel.ts'
import { logSoftmax, softmaxCrossEntropy } from './kernels/losses.ts'
import { matMul } from './kernels/mat-mul.ts'
import { avgPool, avgPoolGradient, maxPool, maxPoolGradient } from './kernels/pooling.ts'
import { reluGradient } from './kernels/relu-gradient.ts'
import { reshape } from './kernels/reshape.ts'
import { sum } from './kernels/sum.ts'
import { Operations } from './operations.ts'

let completed: object | undefined

/**
 * Adds to the current backend, which must be tfjs-node's, what training needs and tfjs-node lacks, refuses or does slowly
 * although TensorFlow has it: padding by numbers, batch norm in one operation, gradients.
 */
export function completeTensorflow(): void {
  if (completed === tf.backend()) return
  const operations = new Operations()
  const register = (kernelName: string, make: (operations: Operations) => tf.KernelFunc) =>
    registerTensorflowKernel(kernelName, make(operations))
  for (const name of ['Conv2D', 'DepthwiseConv2dNative'] as const) {
    register(name, () => convolution(operations, name))
    register(`${name}BackpropInput`, () => convInputGradient(operations, name))
    register(`${name}BackpropFilter`, () => convFilterGradient(operations, name))
  }
  register('FusedConv2D', () => fusedConvolution(operations, 'Conv2D'))
  register('FusedDepthwiseConv2D', () => fusedConvolution(operations, 'DepthwiseConv2dNative'))
  register('MaxPool', maxPool)
  register('MaxPoolGrad', maxPoolGradient)
  register('AvgPool', avgPool)
  register('AvgPoolGrad', avgPoolGradient)
  register('BatchNormTraining', batchNormTraining)
  register('BatchNormTrainingGrad', batchNormTrainingGradient)
  register('ReluGrad', reluGradient)
  register('BatchMatMul', matMul)
  register('Reshape', reshape)
  register('Sum', sum)
  register('GlobalAveragePool', globalAveragePool)
  register('GlobalAveragePoolGrad', globalAveragePoolGradient)
  register('SoftmaxCrossEntropy', softmaxCrossEntropy)
  register('LogSoftmax', logSoftmax)
  completed = tf.backend()
}
