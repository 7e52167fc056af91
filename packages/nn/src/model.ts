import './gradients/register.ts'
import { BenchError } from '@mate-bench/schema'
import * as tf from '@tensorflow/tfjs-core'
import { lastExitOnly } from './describe/last-exit.ts'
import type { Network, Node, ParameterDescription } from './describe/network.ts'
import { parameterDescriptions } from './describe/parameters.ts'
import { type ExitByExit, exitByExit } from './exit-by-exit.ts'
import { type ForwardPlan, planForward, type Step } from './forward-plan.ts'
import { GradientViews } from './gradient-views.ts'
import { initialValues } from './initialise.ts'
import { batchNormTraining, foldBatchNorm } from './layers/batch-norm.ts'
import { type ConvolutionOperation, convolution, scaledConvolution } from './layers/convolution.ts'
import { dropout } from './layers/dropout.ts'
import { globalAveragePool } from './layers/global-average-pool.ts'
import { upsample } from './layers/upsample.ts'
import { predictedLogits } from './logit-sums.ts'
import type { ExitOutputs } from './outputs.ts'

export interface ForwardOptions {
  /** Batch statistics, running averages updated, dropout on; otherwise running statistics and no dropout. */
  readonly training: boolean
  /** Count of training steps done: names the masks of dropout, and nothing else. 0 by default. */
  readonly step?: number
  /** False leaves the running averages of batch norm as they are, though batch statistics are used. True by default. */
  readonly moveStatistics?: boolean
  /** Name of a further pass of the same step: its dropout has masks of its own. */
  readonly pass?: string
  /** Factors on the gradients that come back where an exit leaves the backbone, shallowest exit first. All 1 by default. */
  readonly gradientScales?: readonly GradientScale[] | undefined
  /** Nodes that training leaves as they are: they run as in evaluation, and their running averages stay. */
  readonly frozen?: ReadonlySet<string> | undefined
  /** `last` computes the last exit alone, and what it depends on. All exits by default. */
  readonly exits?: 'all' | 'last' | undefined
}

/**
 * What happens to the gradients that meet at the node an exit stands after: that of its head, and that of the backbone
 * behind it. The node's own is head * dHead + onward * dOnward.
 */
export interface GradientScale {
  readonly head: number
  readonly onward: number
}

/** A network with parameters, on whichever backend is active when a method is called. */
export interface Model {
  readonly network: Network
  /** By parameter name, in the order of `parameters`. */
  readonly variables: ReadonlyMap<string, tf.Variable>
  readonly parameters: readonly ParameterDescription[]
  /**
   * Outputs of every exit that is asked for, shallowest first. Logits are each exit's own in training, and what it predicts by
   * otherwise (`withLogitSums`). Can be differentiated by the trainable variables; the caller owns the
   * outputs and disposes them (or calls inside a tidy).
   *
   * @param images [B, H, W, C] float32, normalised
   */
  forward(images: tf.Tensor4D, opts: ForwardOptions): ExitOutputs[]
  /**
   * Evaluates one exit after the other, as long as the caller asks for the next: what an early-exit inference pays. Logits are
   * those that `forward` gives in evaluation.
   *
   * @param images [B, H, W, C] float32, normalised; the caller's, kept until the inference is disposed
   */
  exitByExit(images: tf.Tensor4D): ExitByExit
  dispose(): void
}

class NetworkModel implements Model {
  readonly network: Network
  readonly parameters: readonly ParameterDescription[]
  readonly variables: ReadonlyMap<string, tf.Variable>
  readonly #seed: number
  readonly #plan: ForwardPlan
  readonly #lastPlan: ForwardPlan

  constructor(network: Network, seed: number) {
    this.network = network
    this.#seed = seed
    this.#plan = planForward(network)
    this.#lastPlan = network.exits.length > 1 ? planForward(lastExitOnly(network)) : this.#plan
    this.parameters = parameterDescriptions(network)
    this.variables = new Map(
      this.parameters.map((parameter) => [parameter.name, initialised(parameter, seed)]),
    )
  }

  forward(images: tf.Tensor4D, opts: ForwardOptions): ExitOutputs[] {
    requireShape(this.network, images)
    const lastAlone = opts.exits === 'last'
    const plan = lastAlone ? this.#lastPlan : this.#plan
    return tf.tidy(() => {
      const values = new Map<string, tf.Tensor>()
      const unread = new Map(plan.readers)
      const views = new GradientViews(plan.junctions, opts.gradientScales)
      for (const step of plan.steps) {
        const inputs = step.node.inputs.map((name) => views.of(name, computed(values, name), step.node.owner))
        values.set(step.output, step.node.operation.kind === 'input' ? images : this.#run(step, inputs, opts))
        for (const name of step.node.inputs) {
          const left = (unread.get(name) ?? 0) - 1
          unread.set(name, left)
          // The gradient tape holds what it needs by references of its own.
          if (left === 0 && name !== 'input') values.get(name)?.dispose()
        }
      }
      const exits = this.network.exits.slice(lastAlone ? -1 : 0)
      const own = exits.map((exit) => computed(values, exit.logits) as tf.Tensor2D)
      const logits = opts.training || lastAlone ? own : predictedLogits(this.network, own)
      return exits.map((exit, index) => ({
        logits: logits[index] as tf.Tensor2D,
        feature: computed(values, exit.feature) as tf.Tensor2D,
        // Some heads have no map of their own and show the one they take.
        featureMap: views.of(exit.featureMap, computed(values, exit.featureMap), {
          part: 'head',
          exit: exit.k,
        }),
      }))
    })
  }

  exitByExit(images: tf.Tensor4D): ExitByExit {
    requireShape(this.network, images)
    return exitByExit(this.network, this.#plan, images, (step, inputs) =>
      this.#run(step, inputs, { training: false }),
    )
  }

  dispose(): void {
    for (const variable of this.variables.values()) variable.dispose()
  }

  #run(step: Step, inputs: readonly tf.Tensor[], opts: ForwardOptions): tf.Tensor {
    const [first, second] = inputs
    if (!first) throw new RangeError(`${step.node.name} has no input`)
    const { name, operation } = step.node
    const training = opts.training && !opts.frozen?.has(name)
    // Feature maps are rank 4 by the description; the operations below would refuse anything else.
    const map = first as tf.Tensor4D // [B, H, W, C]
    switch (operation.kind) {
      case 'input':
        return first
      case 'conv':
      case 'grouped-conv':
      case 'depthwise-conv':
        return training ? this.#trainConv(step, map, operation, opts) : this.#inferConv(step, map, operation)
      case 'batch-norm':
        return this.#batchNorm(step.node, map, step.relu, { ...opts, training })
      case 'linear': {
        const product = tf.matMul(first, this.#variable(name, 'weight')) // [B, units]
        return operation.bias ? tf.add(product, this.#variable(name, 'bias')) : product
      }
      case 'relu':
        return tf.relu(first)
      case 'relu6':
        return tf.relu6(first)
      case 'sigmoid':
        return tf.sigmoid(first)
      case 'max-pool':
        return tf.maxPool(map, operation.size, operation.stride, operation.padding)
      case 'avg-pool':
        return tf.avgPool(map, operation.size, operation.stride, operation.padding)
      case 'global-avg-pool':
        return globalAveragePool(map)
      case 'upsample':
        return upsample(map, operation.height, operation.width)
      case 'flatten':
        return tf.reshape(map, [map.shape[0], -1])
      case 'dropout': {
        if (!training) return tf.clone(first)
        const stream = opts.pass === undefined ? name : `${opts.pass}/${name}`
        return dropout(first, operation.rate, { seed: this.#seed, stream, step: opts.step ?? 0 })
      }
      case 'add':
        return tf.add(first, second ?? first)
      case 'multiply':
        return tf.mul(first, second ?? first)
      case 'concat':
        return tf.concat([...inputs], -1)
    }
  }

  #trainConv(
    { node, batchNorm, relu }: Step,
    x: tf.Tensor4D,
    operation: ConvolutionOperation,
    opts: ForwardOptions,
  ): tf.Tensor {
    return tf.tidy(() => {
      let y = convolution(x, this.#variable(node.name, 'weight'), operation)
      if (operation.bias) y = tf.add(y, this.#variable(node.name, 'bias'))
      if (batchNorm) return this.#batchNorm(batchNorm, y, relu, opts)
      return relu ? tf.relu(y) : y
    })
  }

  #inferConv({ node, batchNorm, relu }: Step, x: tf.Tensor4D, operation: ConvolutionOperation): tf.Tensor {
    return tf.tidy(() => {
      const kernel = this.#variable<tf.Rank.R4>(node.name, 'weight')
      const bias = operation.bias ? this.#variable<tf.Rank.R1>(node.name, 'bias') : undefined
      if (!batchNorm)
        return scaledConvolution(x, kernel, operation, { relu, ...(bias ? { shift: bias } : {}) })
      const { scale, shift } = this.#fold(batchNorm)
      const total = bias ? tf.add<tf.Tensor1D>(shift, tf.mul(bias, scale)) : shift
      return scaledConvolution(x, kernel, operation, { scale, shift: total, relu })
    })
  }

  #batchNorm(
    node: Node,
    x: tf.Tensor4D,
    relu: boolean,
    { training, moveStatistics = true }: ForwardOptions,
  ): tf.Tensor4D {
    if (!training) {
      return tf.tidy(() => {
        const { scale, shift } = this.#fold(node)
        const y = tf.add<tf.Tensor4D>(tf.mul(x, scale), shift)
        return relu ? tf.relu(y) : y
      })
    }
    const { epsilon, momentum } = batchNormOf(node)
    const [mean, variance] = [
      this.#variable<tf.Rank.R1>(node.name, 'mean'),
      this.#variable<tf.Rank.R1>(node.name, 'variance'),
    ]
    const gamma = this.#variable<tf.Rank.R1>(node.name, 'gamma')
    const beta = this.#variable<tf.Rank.R1>(node.name, 'beta')
    return batchNormTraining(
      x,
      { gamma, beta, mean, variance },
      {
        epsilon,
        momentum,
        relu,
        onMoved: (movedMean, movedVariance) => {
          if (!moveStatistics) return
          mean.assign(movedMean)
          variance.assign(movedVariance)
        },
      },
    )
  }

  #fold(node: Node) {
    const { epsilon } = batchNormOf(node)
    const [gamma, beta] = [this.#variable(node.name, 'gamma'), this.#variable(node.name, 'beta')]
    const [mean, variance] = [this.#variable(node.name, 'mean'), this.#variable(node.name, 'variance')]
    return foldBatchNorm({ gamma, beta, mean, variance }, epsilon)
  }

  #variable<R extends tf.Rank>(node: string, suffix: string): tf.Variable<R> {
    const variable = this.variables.get(`${node}.${suffix}`)
    if (!variable) throw new RangeError(`no parameter is called ${node}.${suffix}`)
    return variable as tf.Variable<R>
  }
}

function requireShape({ inputShape }: Network, { shape }: tf.Tensor4D): void {
  if (shape.slice(1).join() === inputShape.join()) return
  throw new BenchError({
    code: 'bad-input',
    message: `The network takes images of ${inputShape.join('x')}, got a batch of shape ${shape.join('x')}.`,
  })
}

function initialised(parameter: ParameterDescription, seed: number): tf.Variable {
  const values = initialValues(parameter, seed)
  return tf.tidy(() => tf.variable(tf.tensor(values, [...parameter.shape]), parameter.trainable))
}

function computed(values: ReadonlyMap<string, tf.Tensor>, name: string): tf.Tensor {
  const value = values.get(name)
  if (!value) throw new RangeError(`${name} is read before it is computed`)
  return value
}

function batchNormOf({ name, operation }: Node) {
  if (operation.kind !== 'batch-norm') throw new TypeError(`${name} is no batch norm`)
  return operation
}

/**
 * Makes a model with initial weights drawn from the seed: the same network and seed give the same bytes everywhere.
 *
 * @param seed integer in [0, 2^32 - 1]
 */
export function createModel(network: Network, seed: number): Model {
  return new NetworkModel(network, seed)
}
