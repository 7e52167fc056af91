import type * as tf from '@tensorflow/tfjs-core'
import type { Operations, Output } from '../operations.ts'
import { input } from './kernel.ts'
import { Scratch } from './scratch.ts'

/**
 * SoftmaxCrossEntropy: logits and targets [B, C] -> the mean over the batch of the cross-entropy, in nats, and its
 * gradient in the logits [B, C].
 */
export function softmaxCrossEntropy(operations: Operations): tf.KernelFunc {
  return ({ inputs }) => {
    const logits = input(inputs, 'logits')
    const share = operations.floats([1 / Math.max(1, logits.shape[0] ?? 1)], [])
    const given = operations.handles([logits, input(inputs, 'targets')])
    return Scratch.with(operations, (scratch) => {
      const [losses, gradients] = scratch.many('SoftmaxCrossEntropyWithLogits', given, [], 2) as [
        Output,
        Output,
      ]
      const mean = scratch.one('Mean', [losses.id, operations.handle(operations.ints([0]))])
      const gradient = scratch.one('Mul', [gradients.id, operations.handle(share)])
      return [scratch.tensor(mean), scratch.tensor(gradient)]
    })
  }
}

/** LogSoftmax over the last axis. */
export function logSoftmax(operations: Operations): tf.KernelFunc {
  return ({ inputs }) => operations.run('LogSoftmax', [input(inputs, 'logits')])
}
