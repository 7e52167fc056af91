import { phaseAt } from './phases.ts'
import { scheduleFactor } from './schedules/registry.ts'
import type { Spec } from './spec.ts'

export interface LearningRates {
  readonly first: number
  readonly last: number
}

/** Where a step is: epoch and step within it, both 0-based. */
interface StepPlace {
  readonly epoch: number
  readonly step: number
  readonly stepsPerEpoch: number
}

/** The learning rate of a step: the schedule of its phase, which counts from the phase's first step. */
export function learningRateAt(
  training: Spec['training'],
  { epoch, step, stepsPerEpoch }: StepPlace,
): number {
  const { firstEpoch, epochs, schedule } = phaseAt(training, epoch)
  const inPhase = (epoch - firstEpoch) * stepsPerEpoch + step
  return training.optimizer.learningRate * scheduleFactor(schedule, { step: inPhase, stepsPerEpoch, epochs })
}

/**
 * The learning rates of the first and the last step of an epoch.
 * @param at `epoch` is 0-based
 */
export function learningRates(
  training: Spec['training'],
  { epoch, stepsPerEpoch }: { readonly epoch: number; readonly stepsPerEpoch: number },
): LearningRates {
  const rate = (step: number) => learningRateAt(training, { epoch, step, stepsPerEpoch })
  return { first: rate(0), last: rate(stepsPerEpoch - 1) }
}
