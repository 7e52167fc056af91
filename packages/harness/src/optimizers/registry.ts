import { z } from 'zod'
import { adamOptions, createAdam } from './adam.ts'
import type { Optimizer, TrainableParameter } from './optimizer.ts'
import { createSgd, sgdOptions } from './sgd.ts'

export const optimizerOptions = z.discriminatedUnion('name', [sgdOptions, adamOptions])

export type OptimizerOptions = z.output<typeof optimizerOptions>

export function createOptimizer(
  options: OptimizerOptions,
  parameters: readonly TrainableParameter[],
): Optimizer {
  switch (options.name) {
    case 'sgd':
      return createSgd(options, parameters)
    case 'adam':
      return createAdam(options, parameters)
  }
}
