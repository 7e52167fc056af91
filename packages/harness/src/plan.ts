import type { OpenDataset } from '@mate-bench/datasets'
import { describeDataset, splitCounts } from '@mate-bench/datasets/registry'
import type { MethodNeeds } from '@mate-bench/methods'
import { exitCosts, type Network, parameterDescriptions } from '@mate-bench/nn/describe'
import { describeSpecNetwork, digestSpec, type Spec } from './spec.ts'
import { teacherChain } from './teachers.ts'
import { rememberedBytes, type TrainingCosts, trainingCosts } from './training-costs.ts'

export interface Plan extends TrainingCosts {
  readonly spec: Spec
  readonly specDigest: string
  readonly network: Network
  readonly splits: Readonly<Record<keyof OpenDataset['splits'], number>>
  readonly stepsPerEpoch: number
  readonly exits: ReturnType<typeof exitCosts>
  /** Trainable parameters of the network. */
  readonly parameters: number
  /** MACs of the forward pass through backbone and all heads, one image. */
  readonly forwardMacs: number
  /** Every spec that has to be trained before, teachers before those whom they teach. */
  readonly teachers: readonly Spec[]
  /** Room for one run folder while it is being written. */
  readonly bytesPerRun: number
}

/** What a spec asks for, without data and without training. */
export function planSpec(spec: Spec): Plan {
  const dataset = describeDataset(spec.dataset)
  const splits = splitCounts(dataset, spec.dataset)
  const network = describeSpecNetwork(spec, {
    inputShape: dataset.imageShape,
    classes: dataset.classes.length,
  })
  const exits = exitCosts(network, 'macs')
  const forwardMacs = exits.at(-1)?.sequentialMacs ?? 0
  const costs = trainingCosts(spec, network, splits.train)
  return {
    spec,
    specDigest: digestSpec(spec),
    network,
    splits,
    stepsPerEpoch: Math.ceil(splits.train / spec.training.batchSize),
    exits,
    parameters: countParameters(network, true),
    forwardMacs,
    ...costs,
    teachers: teacherChain(spec),
    bytesPerRun: estimateBytes(
      network,
      {
        train: { indices: { length: splits.train } },
        validation: { indices: { length: splits.validation } },
        test: { indices: { length: splits.test } },
      },
      costs.needs,
    ),
  }
}

function countParameters(network: Network, trainableOnly: boolean): number {
  return parameterDescriptions(network)
    .filter(({ trainable }) => trainable || !trainableOnly)
    .reduce((sum, { shape }) => sum + shape.reduce((product, extent) => product * extent, 1), 0)
}

type Lengths = Readonly<Record<'train' | 'validation' | 'test', { indices: { length: number } }>>

/**
 * Upper bound of what a run writes: weights in the final file, and in the latest checkpoint, the one before and the
 * temporary copy of the next, each with two optimiser moments, the best weights, and what the method keeps; twenty bytes an
 * image and exit; a margin for logs.
 */
export function estimateBytes(network: Network, splits: Lengths, needs: MethodNeeds): number {
  const weights = countParameters(network, false) * 4
  const kept = (needs.copy ? weights : 0) + rememberedBytes(needs, splits.train.indices.length)
  const images = splits.test.indices.length + splits.validation.indices.length
  return weights * 13 + kept * 3 + images * (network.exits.length + 2) * 20 + 10_000_000
}
