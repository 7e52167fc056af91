import { scheduleFactor } from './schedules/registry.ts'
import type { Spec } from './spec.ts'

export interface LearningRates {
  readonly first: number
  readonly last: number
}

/**
 * The learning rates of the first and the last step of an epoch.
 * @param at `epoch` is 0-based
 */
export function learningRates(
  { epochs, optimizer, schedule }: Spec['training'],
  { epoch, stepsPerEpoch }: { readonly epoch: number; readonly stepsPerEpoch: number },
): LearningRates {
  const rate = (step: number) =>
    optimizer.learningRate * scheduleFactor(schedule, { step, stepsPerEpoch, epochs })
  return { first: rate(epoch * stepsPerEpoch), last: rate((epoch + 1) * stepsPerEpoch - 1) }
}
