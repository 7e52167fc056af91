import {
  type MethodNeeds,
  methodMacs,
  methodNeeds,
  type TrainingPasses,
  trainingPasses,
} from '@mate-bench/methods'
import { exitCosts, type Network, parameterDescriptions } from '@mate-bench/nn/describe'
import { rowsOf } from './batch-rows.ts'
import { memoryBytes } from './image-memory.ts'
import type { Spec } from './spec.ts'

/** What training asks for beyond what the network costs at inference. */
export interface TrainingCosts {
  readonly needs: MethodNeeds
  readonly passes: TrainingPasses
  /** MACs that the method's own linear maps add to a forward pass, one image. */
  readonly methodMacs: number
  /**
   * MACs of all forward passes of training that fall to one image of an epoch, on average over the epochs: those of its
   * views and partners, those without a gradient, those of frozen networks, and the method's own linear maps. Convolutions
   * and linear layers count, as in the costs of exits; the backward pass and the loss do not.
   */
  readonly trainingMacsPerImage: number
  /**
   * MACs of one run: forward passes, and twice as much again for the backward pass of those that have one, over all epochs.
   * Evaluation is left out.
   */
  readonly trainingMacsPerRun: number
  /** Bytes that the method keeps from step to step: a frozen copy of the network, and what it remembers of images. */
  readonly keptBytes: number
  /**
   * Bytes that training holds at its fullest moment, reckoned: the outputs of all nodes for all rows of a batch,
   * parameters with gradients and two moments, and what the method keeps.
   */
  readonly trainingBytes: number
}

const float32Bytes = 4

/** @param trainImages of the training split */
export function trainingCosts(spec: Spec, network: Network, trainImages: number): TrainingCosts {
  const { epochs, batchSize } = spec.training
  const needs = methodNeeds(spec.method, { exits: network.exits.length, classes: network.classes, epochs })
  const passes = trainingPasses(needs, epochs)
  const forwardMacs = exitCosts(network, 'macs').at(-1)?.sequentialMacs ?? 0
  const mapShapes = new Map(network.nodes.map(({ name, shape }) => [name, shape]))
  const addedMacs = methodMacs(
    spec.method,
    network.exits.map(({ featureWidth }) => featureWidth),
    {
      mapShapes: network.exits.map(({ featureMap }) => mapShapes.get(featureMap) ?? []),
      classes: network.classes,
    },
  )
  const withGradient = (forwardMacs + addedMacs) * passes.withGradient
  const withoutGradient = forwardMacs * passes.withoutGradient
  const weights = countValues(network) * float32Bytes
  const keptBytes = (needs.copy ? weights : 0) + rememberedBytes(needs, trainImages)
  const activations = network.nodes.reduce((sum, { shape }) => sum + sizeOf(shape), 0) * float32Bytes
  return {
    needs,
    passes,
    methodMacs: addedMacs,
    trainingMacsPerImage: Math.round(withGradient + withoutGradient),
    trainingMacsPerRun: Math.round((3 * withGradient + withoutGradient) * trainImages * epochs),
    keptBytes,
    trainingBytes:
      activations * rowsOf(needs, Math.min(batchSize, trainImages)).together + 4 * weights + keptBytes,
  }
}

/** What is remembered of all training images together. */
export function rememberedBytes({ memory }: MethodNeeds, trainImages: number): number {
  return memory ? memoryBytes(trainImages, memory.numbersPerImage) : 0
}

/** Parameters and running averages. */
function countValues(network: Network): number {
  return parameterDescriptions(network).reduce((sum, { shape }) => sum + sizeOf(shape), 0)
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, extent) => product * extent, 1)
}
