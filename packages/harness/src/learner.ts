import {
  bindLastExitAlone,
  bindMethod,
  type MethodInstance,
  type MethodNeeds,
  methodNeeds,
} from '@mate-bench/methods'
import { createModel, type ForwardOptions, type Model, type Network } from '@mate-bench/nn'
import { lastExitOnly } from '@mate-bench/nn/describe'
import type * as tf from '@tensorflow/tfjs-core'
import type { VariableGroup } from './checkpoint.ts'
import { ImageMemory } from './image-memory.ts'
import type { Optimizer, TrainableParameter } from './optimizers/optimizer.ts'
import { createOptimizer } from './optimizers/registry.ts'
import { frozenNodes, type Phase, phasesOf } from './phases.ts'
import type { Spec } from './spec.ts'

/**
 * A network with its method and optimiser, ready to take the steps of a phase. Owns their variables. Of several phases each
 * has a method and an optimiser of its own.
 */
export interface Learner {
  readonly model: Model
  /** Frozen networks that the method learns from, in the order in which it names them. Not the learner's to dispose. */
  readonly teachers: readonly Model[]
  readonly phase: Phase
  readonly method: MethodInstance
  /** What the method needs of the loop; `copy` and `memory` are there where it needs them. */
  readonly needs: MethodNeeds
  readonly copy: Model | undefined
  readonly memory: ImageMemory | undefined
  readonly optimizer: Optimizer
  /** What the phase trains. */
  readonly parameters: readonly TrainableParameter[]
  /** What the phase computes of the network, and what it leaves as it is. */
  readonly forward: Pick<ForwardOptions, 'exits' | 'frozen'>
  /** Everything a checkpoint saves, by group. */
  readonly groups: Readonly<Record<'model' | 'method', ReadonlyMap<string, tf.Variable>>> &
    Readonly<Record<'optimizer', VariableGroup>> &
    Readonly<Partial<Record<'copy' | 'memory', VariableGroup>>>
  /** Goes over to another phase: the network stays, method and optimiser begin anew. */
  enter(phase: Phase): void
  dispose(): void
}

export interface LearnerOptions {
  readonly spec: Spec
  readonly seed: number
  readonly network: Network
  readonly stepsPerEpoch: number
  /** The training split: of what a memory of images has rows. Left out by who does not train. */
  readonly trainIndices?: Uint32Array
  /** @default none */
  readonly teachers?: readonly Model[]
}

/** A learner at the beginning of its first phase. */
export function createLearner(options: LearnerOptions): Learner {
  const { spec, seed, network, teachers = [] } = options
  const model = createModel(network, seed)
  let current = bindPhase(options, model, phasesOf(spec.training)[0])
  return {
    model,
    get teachers() {
      return current.phase.name === 'backbone' ? [] : teachers
    },
    get phase() {
      return current.phase
    },
    get method() {
      return current.method
    },
    get needs() {
      return current.needs
    },
    get copy() {
      return current.copy
    },
    get memory() {
      return current.memory
    },
    get optimizer() {
      return current.optimizer
    },
    get parameters() {
      return current.parameters
    },
    get forward() {
      return current.forward
    },
    get groups() {
      const { method, optimizer, copy, memory } = current
      return {
        model: model.variables,
        method: new Map(method.parameters.map(({ name, variable }) => [name, variable])),
        optimizer: optimizer.state,
        ...(copy ? { copy: copy.variables } : {}),
        ...(memory ? { memory: new Map([['images', memory]]) } : {}),
      }
    },
    enter(phase) {
      if (phase.name === current.phase.name) return
      current.dispose()
      current = bindPhase(options, model, phase)
    },
    dispose() {
      current.dispose()
      model.dispose()
    },
  }
}

type BoundPhase = Pick<
  Learner,
  'phase' | 'method' | 'needs' | 'copy' | 'memory' | 'optimizer' | 'parameters' | 'forward' | 'dispose'
>

function bindPhase(options: LearnerOptions, model: Model, phase: Phase): BoundPhase {
  const { spec, seed, network, trainIndices } = options
  const needs: MethodNeeds =
    phase.name === 'backbone'
      ? {}
      : methodNeeds(spec.method, {
          exits: network.exits.length,
          classes: network.classes,
          epochs: phase.epochs,
        })
  const copy = needs.copy ? createModel(network, seed) : undefined
  const memory =
    needs.memory && trainIndices ? new ImageMemory(trainIndices, needs.memory.numbersPerImage) : undefined
  const method = bindPhaseMethod(options, phase)
  const frozen = frozenNodes(phase, network)
  const trained = trains(phase, network, frozen)
  const decayAll = spec.training.optimizer.decayNormAndBias
  const parameters: TrainableParameter[] = []
  for (const { name, node, role, trainable } of model.parameters) {
    const variable = model.variables.get(name)
    if (!trainable || !variable || !trained(node)) continue
    parameters.push({ name, variable, decay: decayAll || role === 'kernel' })
  }
  for (const { name, variable, decay = true } of method.parameters) {
    parameters.push({ name: `method/${name}`, variable, decay: decay && (decayAll || variable.rank > 1) })
  }
  const optimizer = createOptimizer(spec.training.optimizer, parameters)
  return {
    phase,
    method,
    needs,
    copy,
    memory,
    optimizer,
    parameters,
    forward: { exits: phase.name === 'backbone' ? 'last' : 'all', frozen },
    dispose() {
      copy?.dispose()
      optimizer.dispose()
      method.dispose()
    },
  }
}

/** In the first phase of two there are no exits to teach one another: labels alone. */
function bindPhaseMethod({ spec, seed, network, stepsPerEpoch }: LearnerOptions, phase: Phase) {
  if (phase.name === 'backbone') return bindLastExitAlone(network.exits.length)
  const shapes = new Map(network.nodes.map((node) => [node.name, node.shape]))
  return bindMethod(spec.method, {
    exits: network.exits.map(({ k, featureWidth, featureMap }) => ({
      k,
      featureWidth,
      featureMapShape: shapes.get(featureMap) ?? [featureWidth],
    })),
    classes: network.classes,
    epochs: phase.epochs,
    stepsPerEpoch,
    seed,
  })
}

/** Whether a phase trains the parameters of a node. */
function trains({ name }: Phase, network: Network, frozen: ReadonlySet<string> | undefined) {
  if (name !== 'backbone') return (node: string) => !frozen?.has(node)
  const trained = new Set(lastExitOnly(network).nodes.map((node) => node.name))
  return (node: string) => trained.has(node)
}
