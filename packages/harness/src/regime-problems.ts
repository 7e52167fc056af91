import type { Problem } from '@mate-bench/schema'
import type { ScheduleOptions } from './schedules/registry.ts'
import type { Spec } from './spec.ts'

/**
 * What is wrong with the phases of a training: epochs that leave nothing for one of them, schedules that do not fit theirs.
 * @param exits of the model, where it is sound
 * @param sumsLogits whether the method has exits predict by sums of several exits' logits
 */
export function regimeProblems(
  { epochs, schedule, regime }: Spec['training'],
  exits: number | undefined,
  sumsLogits = false,
): Problem[] {
  if (regime === undefined || regime.name === 'joint') {
    return scheduleProblems(schedule, epochs, { at: 'training.schedule', of: 'training.epochs' })
  }
  const { backbone } = regime
  const problems: Problem[] = []
  if (exits === 1) {
    problems.push({
      path: 'training.regime',
      message: `The regime "${regime.name}" trains the other exits after the last one, but the model has one exit.`,
      hint: 'Leave out training.regime, or add exits to the model.',
    })
  }
  if (sumsLogits) {
    problems.push({
      path: 'training.regime',
      message: `The regime "${regime.name}" trains the last exit without the others, and with this method the last exit predicts by a sum with theirs.`,
      hint: 'Leave out training.regime, or choose a method whose exits predict by their own logits.',
    })
  }
  if (backbone.epochs >= epochs) {
    problems.push({
      path: 'training.regime.backbone.epochs',
      message: `${backbone.epochs} epochs for the backbone leave nothing of ${epochs} for the second phase.`,
      hint: 'training.epochs counts both phases together.',
    })
    return problems
  }
  return [
    ...problems,
    ...scheduleProblems(backbone.schedule, backbone.epochs, {
      at: 'training.regime.backbone.schedule',
      of: 'training.regime.backbone.epochs',
    }),
    ...scheduleProblems(schedule, epochs - backbone.epochs, {
      at: 'training.schedule',
      of: 'the epochs of the second phase, training.epochs without those of the backbone',
    }),
  ]
}

function scheduleProblems(
  schedule: ScheduleOptions,
  epochs: number,
  { at, of }: { readonly at: string; readonly of: string },
): Problem[] {
  const problems: Problem[] = []
  if (schedule.name === 'multi-step') {
    schedule.milestones.forEach((milestone, i) => {
      if (milestone < epochs) return
      problems.push({
        path: `${at}.milestones[${i}]`,
        message: `The milestone ${milestone} is never reached in ${epochs} epochs.`,
        hint: `Milestones must be below ${of}.`,
      })
    })
  }
  if (schedule.warmupEpochs >= epochs) {
    problems.push({
      path: `${at}.warmupEpochs`,
      message: `A warm-up of ${schedule.warmupEpochs} epochs leaves nothing of ${epochs}.`,
      hint: `Warm-up must be shorter than ${of}.`,
    })
  }
  return problems
}
