import * as tf from '@tensorflow/tfjs-core'
import { createOptimizer, optimizerOptions } from '../../packages/harness/src/optimizers/registry.ts'
import { type Case, draw } from './compare.ts'

const shapes = { kernel: [3, 3, 4, 5], linear: [12, 7], bias: [7], gamma: [5] } as const

/** Five steps with gradients that are drawn, over parameters with weight decay and without. */
function optimizerCase(name: string, options: object): Case {
  return {
    group: 'optimisers',
    name,
    terms: 5,
    compute: () => {
      const parameters = Object.entries(shapes).map(([parameter, shape]) => ({
        name: parameter,
        variable: tf.variable(draw(shape, parameter)),
        decay: shape.length > 1,
      }))
      const optimizer = createOptimizer(optimizerOptions.parse(options), parameters)
      for (let step = 0; step < 5; step++) {
        const gradients = Object.entries(shapes).map(([parameter, shape]) => [
          parameter,
          draw(shape, `${parameter} ${step}`),
        ])
        optimizer.apply(Object.fromEntries(gradients), 0.1)
      }
      const moved = parameters.map(({ name: parameter, variable }) => [parameter, tf.clone(variable)])
      for (const { variable } of parameters) variable.dispose()
      optimizer.dispose()
      return Object.fromEntries(moved)
    },
  }
}

export function optimizerCases(): Case[] {
  return [
    optimizerCase('SGD', { name: 'sgd', learningRate: 0.1, momentum: 0, weightDecay: 0 }),
    optimizerCase('SGD with momentum and weight decay', {
      name: 'sgd',
      learningRate: 0.1,
      weightDecay: 0.01,
    }),
    optimizerCase('SGD with Nesterov’s momentum', { name: 'sgd', learningRate: 0.1, nesterov: true }),
    optimizerCase('Adam', { name: 'adam' }),
    optimizerCase('Adam with weight decay', { name: 'adam', weightDecay: 0.01 }),
  ]
}
