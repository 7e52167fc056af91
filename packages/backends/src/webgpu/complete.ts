import * as tf from '@tensorflow/tfjs-core'
import { keepConstants } from './constants.ts'
import { addN } from './kernels/add-n.ts'
import { batchNormTraining, batchNormTrainingGradient } from './kernels/batch-norm.ts'
import { globalAveragePool, globalAveragePoolGradient } from './kernels/global-average-pool.ts'
import { registerWebgpuKernel, replaceWebgpuKernel } from './kernels/kernel.ts'
import { logSoftmax, softmaxCrossEntropy } from './kernels/losses.ts'
import { matMul } from './kernels/mat-mul.ts'
import { reluGradient } from './kernels/relu-gradient.ts'
import { sgdStep } from './kernels/sgd-step.ts'
import type { WebgpuBackend } from './tfjs-webgpu.ts'

/** Dispatches that are sent to the GPU together: each sending costs as much as some dispatches. */
const dispatchesOfSubmission = 48

/**
 * Adds to tfjs' WebGPU backend what training needs and it does wrongly, or in many dispatches where one would do: starting one costs
 * more than a small network's arithmetic.
 */
export function completeWebgpu(backend: WebgpuBackend): void {
  // Small tensors would be computed in JavaScript, with other roundings than on the GPU.
  tf.env().set('WEBGPU_CPU_FORWARD', false)
  tf.env().set('WEBGPU_DEFERRED_SUBMIT_BATCH_SIZE', dispatchesOfSubmission)
  keepConstants(backend)
  replaceWebgpuKernel('AddN', addN)
  for (const name of ['BatchMatMul', '_FusedMatMul', 'Conv2D', 'FusedConv2D'] as const) {
    replaceWebgpuKernel(name, matMul)
  }
  registerWebgpuKernel('BatchNormTraining', batchNormTraining)
  registerWebgpuKernel('BatchNormTrainingGrad', batchNormTrainingGradient)
  registerWebgpuKernel('ReluGrad', reluGradient)
  registerWebgpuKernel('GlobalAveragePool', globalAveragePool)
  registerWebgpuKernel('GlobalAveragePoolGrad', globalAveragePoolGradient)
  registerWebgpuKernel('LogSoftmax', logSoftmax)
  registerWebgpuKernel('SoftmaxCrossEntropy', softmaxCrossEntropy)
  registerWebgpuKernel('SgdStep', sgdStep)
}
