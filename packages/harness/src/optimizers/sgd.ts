/**
 * Stochastic gradient descent with momentum, in the form that the field's PyTorch code uses:
 *
 *   g <- grad + weightDecay * w        v <- momentum * v + g        w <- w - lr * (nesterov ? g + momentum * v : v)
 *
 * Sutskever et al., "On the importance of initialization and momentum in deep learning", ICML 2013, for
 * Nesterov; the learning rate multiplies the velocity, not the gradient, so that a change of learning rate
 * acts at once.
 *
 * A backend may bring a kernel of its own, which must give what the composed step gives:
 *   SgdStep {w0, g0, w1, g1, ..., velocity}, {learningRate, momentum, nesterov, weightDecay} -> [w0, w1, ..., velocity], moved;
 *   `velocity` holds that of w0, w1, ... end to end, and is neither given nor returned without momentum
 */
import * as tf from '@tensorflow/tfjs-core'
import { z } from 'zod'
import { FlatParameters } from './flat-parameters.ts'
import type { Optimizer, TrainableParameter } from './optimizer.ts'

export const sgdOptions = z.strictObject({
  name: z.literal('sgd'),
  learningRate: z.number().positive().max(1000).describe('Before the schedule.'),
  momentum: z.number().min(0).lt(1).default(0.9).describe('Share of the velocity that is kept.'),
  nesterov: z.boolean().default(false).describe('Look ahead along the velocity.'),
  weightDecay: z.number().min(0).max(1).default(1e-4).describe('L2 penalty on kernels.'),
  decayNormAndBias: z.boolean().default(false).describe('Apply weight decay to batch norm and biases too.'),
})

export type SgdOptions = z.output<typeof sgdOptions>

const sgdKernel = 'SgdStep'

export function createSgd(options: SgdOptions, parameters: readonly TrainableParameter[]): Optimizer {
  const { momentum, nesterov, weightDecay } = options
  const groups = FlatParameters.of(parameters, ['velocity'])
  return {
    state: new Map(parameters.flatMap(({ name }) => groups.flatMap((group) => group.partsOf(name)))),
    apply(gradients, learningRate) {
      for (const group of groups) {
        const attrs = { learningRate, momentum, nesterov, weightDecay: group.decay ? weightDecay : 0 }
        if (group.moveByKernel(gradients, sgdKernel, attrs, momentum > 0 ? ['velocity'] : [])) continue
        group.move(gradients, (w, gradient, [velocity]) => {
          const decayed = group.decay && weightDecay > 0
          const g = decayed ? tf.add<tf.Tensor1D>(gradient, tf.mul(w, weightDecay)) : gradient // [N]
          const v = velocity && momentum > 0 ? tf.add<tf.Tensor1D>(tf.mul(velocity, momentum), g) : g
          const direction = nesterov ? tf.add(g, tf.mul(v, momentum)) : v
          const moved = tf.sub<tf.Tensor1D>(w, tf.mul(direction, learningRate))
          return momentum > 0 ? [moved, v] : [moved]
        })
      }
    },
    dispose() {
      for (const group of groups) group.dispose()
    },
  }
}
