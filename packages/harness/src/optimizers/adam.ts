/**
 * Adam with bias correction. Kingma and Ba, "Adam: A Method for Stochastic Optimization", ICLR 2015,
 * Algorithm 1. Weight decay, where asked for, is the L2 penalty of that time (added to the gradient).
 */
import * as tf from '@tensorflow/tfjs-core'
import { z } from 'zod'
import { fusedUpdate } from './fused-update.ts'
import type { Optimizer, TrainableParameter } from './optimizer.ts'

export const adamOptions = z.strictObject({
  name: z.literal('adam'),
  learningRate: z.number().positive().max(1000).default(1e-3).describe('Before the schedule.'),
  beta1: z.number().min(0).lt(1).default(0.9).describe('Decay of the first moment.'),
  beta2: z.number().min(0).lt(1).default(0.999).describe('Decay of the second moment.'),
  epsilon: z.number().positive().max(1).default(1e-8).describe('Added to the root of the second moment.'),
  weightDecay: z.number().min(0).max(1).default(0).describe('L2 penalty on kernels.'),
  decayNormAndBias: z.boolean().default(false).describe('Apply weight decay to batch norm and biases too.'),
})

export type AdamOptions = z.output<typeof adamOptions>

export function createAdam(options: AdamOptions, parameters: readonly TrainableParameter[]): Optimizer {
  const { beta1, beta2, epsilon, weightDecay } = options
  const state = new Map<string, tf.Variable>([['step', tf.tidy(() => tf.variable(tf.scalar(0), false))]])
  for (const { name, variable } of parameters) {
    for (const moment of ['first', 'second']) {
      state.set(
        `${moment}/${name}`,
        tf.tidy(() => tf.variable(tf.zerosLike(variable), false)),
      )
    }
  }
  return {
    state,
    apply(gradients, learningRate) {
      const counter = state.get('step')
      if (!counter) return
      const step = (counter.dataSync()[0] ?? 0) + 1
      tf.tidy(() => counter.assign(tf.scalar(step)))
      const rate = (learningRate * Math.sqrt(1 - beta2 ** step)) / (1 - beta1 ** step)
      const floor = epsilon * Math.sqrt(1 - beta2 ** step)
      const moving = parameters.filter(({ name }) => gradients[name] !== undefined)
      const steps = moving.map(({ name }) => gradients[name] as tf.Tensor)
      const [firsts, seconds] = ['first', 'second'].map((moment) =>
        moving.map(({ name }) => state.get(`${moment}/${name}`) as tf.Variable),
      ) as [tf.Variable[], tf.Variable[]]
      const attrs = { rate, floor, beta1, beta2, weightDecay }
      if (fusedUpdate('AdamUpdate', moving, [firsts, seconds], steps, attrs)) return
      for (const [i, { variable, decay }] of moving.entries()) {
        const gradient = steps[i] as tf.Tensor
        const [first, second] = [firsts[i] as tf.Variable, seconds[i] as tf.Variable]
        tf.tidy(() => {
          const g = decay && weightDecay > 0 ? tf.add(gradient, tf.mul(variable, weightDecay)) : gradient
          const m = tf.add(tf.mul(first, beta1), tf.mul(g, 1 - beta1))
          const v = tf.add(tf.mul(second, beta2), tf.mul(tf.square(g), 1 - beta2))
          // Equal to m_hat / (sqrt(v_hat) + epsilon) with both corrections moved into the rate and the floor.
          variable.assign(tf.sub(variable, tf.mul(tf.div(m, tf.add(tf.sqrt(v), floor)), rate)))
          first.assign(m)
          second.assign(v)
        })
      }
    },
    dispose() {
      for (const variable of state.values()) variable.dispose()
    },
  }
}
