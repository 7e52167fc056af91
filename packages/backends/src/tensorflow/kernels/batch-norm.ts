import * as tf from '@tensorflow/tfjs-core'
import type { Operations } from '../operations.ts'
import { input } from './kernel.ts'

/**
 * BatchNormTraining by FusedBatchNormV3, which moves the running statistics in the same pass: y [B, H, W, C], mean [C],
 * variance [C], and three tensors that the gradient wants back. What is in those is TensorFlow's business: on the CPU
 * the batch's mean and variance, under cuDNN the mean, the inverse standard deviation and a workspace.
 */
export function batchNormTraining(operations: Operations): tf.KernelFunc {
  return ({ inputs, attrs }) => {
    const momentum = Number(attrs?.momentum)
    // With a factor of 1 nothing is left of the running statistics, and TensorFlow insists on being given none.
    const running =
      momentum === 1
        ? [operations.floats([]), operations.floats([])]
        : [input(inputs, 'mean'), input(inputs, 'variance')]
    const [normalised, ...others] = operations.runMany(
      'FusedBatchNormV3',
      [input(inputs, 'x'), input(inputs, 'gamma'), input(inputs, 'beta'), ...running],
      [
        operations.float('epsilon', Number(attrs?.epsilon)),
        operations.float('exponential_avg_factor', momentum),
      ],
      6,
    ) as [tf.Tensor, ...tf.Tensor[]]
    if (attrs?.relu !== true) return [normalised, ...others]
    const y = operations.run('Relu', [normalised])
    normalised.dispose()
    return [y, ...others]
  }
}

/** BatchNormTrainingGrad: dx [B, H, W, C], dGamma [C], dBeta [C]. Through a ReLU, dY counts where y is above zero. */
export function batchNormTrainingGradient(operations: Operations): tf.KernelFunc {
  return ({ inputs, attrs }) => {
    const relu = attrs?.relu === true
    const dy = input(inputs, 'dy')
    const upstream = relu ? operations.run('ReluGrad', [dy, input(inputs, 'y')]) : dy
    const saved = ['saved0', 'saved1', 'saved2'].map((name) => input(inputs, name))
    const [dx, dGamma, dBeta, ...unused] = operations.runMany(
      'FusedBatchNormGradV3',
      [upstream, input(inputs, 'x'), input(inputs, 'gamma'), ...saved],
      [operations.float('epsilon', Number(attrs?.epsilon))],
      5,
    ) as [tf.Tensor, tf.Tensor, tf.Tensor, ...tf.Tensor[]]
    tf.dispose(relu ? [...unused, upstream as tf.Tensor] : unused)
    return [dx, dGamma, dBeta]
  }
}
