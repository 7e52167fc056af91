import {
  type MethodNeeds,
  methodMacs,
  methodNeeds,
  type TrainingPasses,
  trainingPasses,
} from '@mate-bench/methods'
import {
  costLedger,
  exitCosts,
  lastExitOnly,
  type Network,
  parameterDescriptions,
} from '@mate-bench/nn/describe'
import { rowsOf } from './batch-rows.ts'
import { memoryBytes } from './image-memory.ts'
import { type Phase, phasesOf } from './phases.ts'
import { describeSpecNetwork, networkInputOf, type Spec } from './spec.ts'
import { teacherSpecsOf } from './teachers.ts'

/** What training asks for beyond what the network costs at inference. */
export interface TrainingCosts {
  readonly needs: MethodNeeds
  readonly passes: TrainingPasses
  /** MACs that the method's own linear maps add to a forward pass, one image. */
  readonly methodMacs: number
  /** MACs of the forward pass of each teacher, one image, in the order in which the method names them. */
  readonly teacherMacs: readonly number[]
  /**
   * MACs of all forward passes of training that fall to one image of an epoch, on average over the epochs: those of its
   * views and partners, those without a gradient, those of teachers and other frozen networks, and the method's own linear maps. Convolutions
   * and linear layers count, as in the costs of exits; the backward pass and the loss do not.
   */
  readonly trainingMacsPerImage: number
  /**
   * MACs of one run: forward passes, and twice as much again for the backward pass of those that have one, over all epochs,
   * of what each phase computes and trains. Evaluation is left out.
   */
  readonly trainingMacsPerRun: number
  /** Bytes that the method keeps from step to step: frozen networks, and what it remembers of images. */
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
  const phases = phasesOf(spec.training)
  // Of several phases the method has the last one.
  const methodEpochs = phases.at(-1)?.epochs ?? epochs
  const needs = methodNeeds(spec.method, {
    exits: network.exits.length,
    classes: network.classes,
    epochs: methodEpochs,
  })
  const passes = trainingPasses(needs, methodEpochs)
  const mapShapes = new Map(network.nodes.map(({ name, shape }) => [name, shape]))
  const addedMacs = methodMacs(
    spec.method,
    network.exits.map(({ featureWidth }) => featureWidth),
    {
      mapShapes: network.exits.map(({ featureMap }) => mapShapes.get(featureMap) ?? []),
      classes: network.classes,
    },
  )
  const teachers = teacherSpecsOf(spec).map((teacher) =>
    describeSpecNetwork(teacher, networkInputOf(teacher.dataset)),
  )
  const teacherMacs = teachers.map((teacher) => exitCosts(teacher, 'macs').at(-1)?.sequentialMacs ?? 0)
  const perImage = phases.map((phase) => {
    const macs = phaseMacs(phase, { network, passes, methodMacs: addedMacs, teacherMacs })
    return { forward: macs.forward * phase.epochs, all: macs.all * phase.epochs }
  })
  const weights = countValues(network) * float32Bytes
  const taught = sum(teachers.map(countValues)) * float32Bytes
  const keptBytes = (needs.copy ? weights : 0) + taught + rememberedBytes(needs, trainImages)
  const activations = network.nodes.reduce((sum, { shape }) => sum + sizeOf(shape), 0) * float32Bytes
  return {
    needs,
    passes,
    methodMacs: addedMacs,
    teacherMacs,
    trainingMacsPerImage: Math.round(sum(perImage.map(({ forward }) => forward)) / epochs),
    trainingMacsPerRun: Math.round(sum(perImage.map(({ all }) => all)) * trainImages),
    keptBytes,
    trainingBytes:
      activations * rowsOf(needs, Math.min(batchSize, trainImages)).together + 4 * weights + keptBytes,
  }
}

interface StepCosts extends Pick<TrainingCosts, 'passes' | 'methodMacs' | 'teacherMacs'> {
  readonly network: Network
}

/** MACs that an epoch of a phase takes for one image: of forward passes, and with the backward passes. */
function phaseMacs({ name }: Phase, { network, passes, methodMacs: added, teacherMacs }: StepCosts) {
  const whole = exitCosts(network, 'macs').at(-1)?.sequentialMacs ?? 0
  // What the first phase computes: no head before the last one, even where the last exit predicts by a sum with them.
  const alone = sum(costLedger(lastExitOnly(network), 'macs').map(({ macs }) => macs))
  if (name === 'backbone') return { forward: alone, all: 3 * alone }
  // Of a network that stays as it is nothing is differentiated; the heads before the last exit are.
  const trained = name === 'heads' ? whole - alone : whole
  const rows = passes.withGradient
  const forward = (whole + added) * rows + whole * passes.withoutGradient + sum(teacherMacs) * rows
  return { forward, all: forward + 2 * (trained + added) * rows }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
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
