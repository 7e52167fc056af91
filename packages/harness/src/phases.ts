import type { Network } from '@mate-bench/nn'
import { lastExitOnly } from '@mate-bench/nn/describe'
import type { ScheduleOptions } from './schedules/registry.ts'
import type { Spec } from './spec.ts'

/**
 * A part of a run with an optimiser, a schedule and a choice of parameters of its own.
 *
 * Kubaty et al., "How to Train Your Multi-Exit Model? Analyzing the Impact of Training Strategies", ICML 2025, section 3.
 * Their code (github.com/kamadforge/early-exit-benchmark, dc9395d: methods/early_exit.py, scripts/resnet50cifar10_100.py)
 * trains the backbone as a network of one classifier, then starts a new optimiser and schedule: on the heads with the
 * backbone, its classifier included, in evaluation mode (disjoint), or on everything (mixed). It ends a phase where the
 * validation loss has stopped falling; here each has its epochs, so that equal specs train equally long.
 */
export interface Phase {
  /** `whole` is joint training, whose runs do not speak of phases. */
  readonly name: 'whole' | 'backbone' | 'heads' | 'everything'
  /** The first of its epochs, 0-based, and how many they are. */
  readonly firstEpoch: number
  readonly epochs: number
  readonly schedule: ScheduleOptions
}

/** The phases of a run, one after the other. */
export function phasesOf({ regime, epochs, schedule }: Spec['training']): [Phase, ...Phase[]] {
  if (regime === undefined || regime.name === 'joint') {
    return [{ name: 'whole', firstEpoch: 0, epochs, schedule }]
  }
  const { backbone, name } = regime
  return [
    { name: 'backbone', firstEpoch: 0, epochs: backbone.epochs, schedule: backbone.schedule },
    {
      name: name === 'disjoint' ? 'heads' : 'everything',
      firstEpoch: backbone.epochs,
      epochs: epochs - backbone.epochs,
      schedule,
    },
  ]
}

/**
 * The phase that an epoch belongs to; the last one at the end of training.
 * @param epoch 0-based
 */
export function phaseAt(training: Spec['training'], epoch: number): Phase {
  const phases = phasesOf(training)
  return phases.findLast(({ firstEpoch }) => firstEpoch <= epoch) ?? phases[0]
}

/** Numbers of the exits that a phase trains, ascending. */
export function exitsOf({ name }: Phase, exits: number): number[] {
  return name === 'backbone' ? [exits] : Array.from({ length: exits }, (_, k) => k + 1)
}

/** Nodes that a phase leaves as they are: of `heads`, all that the last exit depends on. */
export function frozenNodes({ name }: Phase, network: Network): ReadonlySet<string> | undefined {
  if (name !== 'heads') return undefined
  return new Set(lastExitOnly(network).nodes.map((node) => node.name))
}
