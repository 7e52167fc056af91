/**
 * Adam with bias correction. Kingma and Ba, "Adam: A Method for Stochastic Optimization", ICLR 2015,
 * Algorithm 1. Weight decay, where asked for, is the L2 penalty of that time (added to the gradient).
 */
import * as tf from '@tensorflow/tfjs-core'
import { z } from 'zod'
import { FlatParameters } from './flat-parameters.ts'
import type { Optimizer, StateTensor, TrainableParameter } from './optimizer.ts'

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
  const groups = FlatParameters.of(parameters, ['first', 'second'])
  let step = 0
  const counter: StateTensor = {
    shape: [],
    data: async () => [step],
    write: ([value = 0]) => {
      step = value
    },
  }
  return {
    state: new Map<string, StateTensor>([
      ['step', counter],
      ...parameters.flatMap(({ name }) => groups.flatMap((group) => group.partsOf(name))),
    ]),
    apply(gradients, learningRate) {
      step++
      const rate = (learningRate * Math.sqrt(1 - beta2 ** step)) / (1 - beta1 ** step)
      const floor = epsilon * Math.sqrt(1 - beta2 ** step)
      for (const group of groups) {
        group.move(gradients, (w, gradient, [first, second]) => {
          if (!first || !second) throw new RangeError('adam has two moments')
          const decayed = group.decay && weightDecay > 0
          const g = decayed ? tf.add<tf.Tensor1D>(gradient, tf.mul(w, weightDecay)) : gradient // [N]
          const m = tf.add<tf.Tensor1D>(tf.mul(first, beta1), tf.mul(g, 1 - beta1))
          const v = tf.add<tf.Tensor1D>(tf.mul(second, beta2), tf.mul(tf.square(g), 1 - beta2))
          // Equal to m_hat / (sqrt(v_hat) + epsilon) with both corrections moved into the rate and the floor.
          return [tf.sub<tf.Tensor1D>(w, tf.mul(tf.div(m, tf.add(tf.sqrt(v), floor)), rate)), m, v]
        })
      }
    },
    dispose() {
      for (const group of groups) group.dispose()
    },
  }
}
