/**
 * Stochastic gradient descent with momentum, in the form that the field's PyTorch code uses:
 *
 *   g <- grad + weightDecay * w        v <- momentum * v + g        w <- w - lr * (nesterov ? g + momentum * v : v)
 *
 * Sutskever et al., "On the importance of initialization and momentum in deep learning", ICML 2013, for
 * Nesterov; the learning rate multiplies the velocity, not the gradient, so that a change of learning rate
 * acts at once.
 */
import * as tf from '@tensorflow/tfjs-core'
import { z } from 'zod'
import { fusedUpdate } from './fused-update.ts'
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

export function createSgd(options: SgdOptions, parameters: readonly TrainableParameter[]): Optimizer {
  const { momentum, nesterov, weightDecay } = options
  const state = new Map(
    parameters.map(({ name, variable }) => [
      `velocity/${name}`,
      tf.tidy(() => tf.variable(tf.zerosLike(variable), false)),
    ]),
  )
  return {
    state,
    apply(gradients, learningRate) {
      const moving = parameters.filter(({ name }) => gradients[name] !== undefined)
      const steps = moving.map(({ name }) => gradients[name] as tf.Tensor)
      const velocities = moving.map(({ name }) => state.get(`velocity/${name}`) as tf.Variable)
      const attrs = { learningRate, momentum, nesterov, weightDecay }
      if (fusedUpdate('SgdUpdate', moving, [velocities], steps, attrs)) return
      for (const [i, { variable, decay }] of moving.entries()) {
        const [gradient, velocity] = [steps[i] as tf.Tensor, velocities[i] as tf.Variable]
        tf.tidy(() => {
          const g = decay && weightDecay > 0 ? tf.add(gradient, tf.mul(variable, weightDecay)) : gradient
          const v = momentum > 0 ? tf.add(tf.mul(velocity, momentum), g) : g
          const direction = nesterov ? tf.add(g, tf.mul(v, momentum)) : v
          variable.assign(tf.sub(variable, tf.mul(direction, learningRate)))
          if (momentum > 0) velocity.assign(v)
        })
      }
    },
    dispose() {
      for (const variable of state.values()) variable.dispose()
    },
  }
}
