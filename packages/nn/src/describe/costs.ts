/**
 * Costs of one image, read from the description.
 *
 * Convention `macs`: one unit is one multiply-accumulate of a convolution or linear layer; bias, batch norm,
 * activation, pooling and addition are zero (batch norm is folded at inference). FLOPs = 2 x MACs.
 * Convention `msdnet-ops`: what MSDNet's own counter prints as FLOPs (Huang et al., ICLR 2018, op_counter.py of the
 * PyTorch release), so that its tables can be lined up: convolution without bias, linear weights plus biases, one
 * for each element that enters a ReLU, window size times outputs for pooling.
 */
import { headsOf } from './logit-sums.ts'
import type { Network, Node, Operation, Shape } from './network.ts'
import { inputShapeOf, parameterDescriptions, shapesByNode } from './parameters.ts'

export const costConventions = ['macs', 'msdnet-ops'] as const
export type CostConvention = (typeof costConventions)[number]

/** One node's cost. */
export interface LedgerRow {
  readonly name: string
  readonly kind: Operation['kind']
  /** Multiply-accumulates of convolution and linear layers, in either convention. */
  readonly macs: number
  /** Operations in the convention asked for; equals `macs` under `macs`. */
  readonly ops: number
  /** Trainable parameters. */
  readonly parameters: number
  readonly outputShape: Shape
  readonly stage: string
  /** The exit whose head this is; absent for the backbone. */
  readonly exit?: number
}

/** What one exit costs, in the convention asked for. */
export interface ExitCost {
  readonly k: number
  readonly after: string
  /** Backbone up to exit k, plus head k, and those of earlier exits whose logits it adds to its own. */
  readonly isolatedMacs: number
  /** Backbone up to exit k, plus heads 1..k. */
  readonly sequentialMacs: number
  /** Head k alone. */
  readonly headMacs: number
  readonly parametersIsolated: number
  readonly parametersSequential: number
}

const size = (shape: Shape): number => shape.reduce((product: number, length) => product * length, 1)

function macsOf({ operation, shape }: Node, inputShape: Shape): number {
  const inputWidth = inputShape.at(-1) ?? 0
  switch (operation.kind) {
    case 'conv':
      return size(shape) * operation.kernel ** 2 * inputWidth
    case 'grouped-conv':
      return size(shape) * operation.kernel ** 2 * (inputWidth / operation.groups)
    case 'depthwise-conv':
      return size(shape) * operation.kernel ** 2
    case 'linear':
      return inputWidth * operation.units
    default:
      return 0
  }
}

/** What MSDNet's counter adds to the multiply-accumulates. */
function extraOpsOf({ operation, shape }: Node, inputShape: Shape): number {
  switch (operation.kind) {
    case 'linear':
      return operation.bias ? operation.units : 0
    case 'relu':
    case 'relu6':
      return size(shape)
    case 'max-pool':
    case 'avg-pool':
      return size(shape) * operation.size ** 2
    case 'global-avg-pool':
      return size(inputShape)
    default:
      return 0
  }
}

/** Costs of every node, in the order of the forward pass. */
export function costLedger(network: Network, convention: CostConvention): LedgerRow[] {
  const shapes = shapesByNode(network)
  const parameters = new Map<string, number>()
  for (const { node, shape, trainable } of parameterDescriptions(network)) {
    const count = trainable ? shape.reduce((product, length) => product * length, 1) : 0
    parameters.set(node, (parameters.get(node) ?? 0) + count)
  }
  return network.nodes.map((node) => {
    const inputShape = inputShapeOf(node, shapes)
    const macs = macsOf(node, inputShape)
    return {
      name: node.name,
      kind: node.operation.kind,
      macs,
      ops: convention === 'macs' ? macs : macs + extraOpsOf(node, inputShape),
      parameters: parameters.get(node.name) ?? 0,
      outputShape: node.shape,
      stage: node.stage,
      ...(node.owner.part === 'head' ? { exit: node.owner.exit } : {}),
    }
  })
}

/** A part of the architecture that no exit reads, and what counting it would add. */
export interface LeftOut {
  /** The first three parts of its nodes' names, such as `block5.layer0.scale3`. */
  readonly name: string
  /** The first exit whose count would be higher. */
  readonly exit: number
  readonly macs: number
  /** Operations in the convention asked for. */
  readonly ops: number
  readonly parameters: number
}

/**
 * What `describeNetwork` left out, in the order of the forward pass: a count that includes it (as MSDNet's own counter
 * does) is higher by this from `exit` on.
 */
export function leftOutCosts(network: Network, convention: CostConvention): LeftOut[] {
  const whole = { ...network, nodes: [...network.nodes, ...network.leftOut] }
  const rows = costLedger(whole, convention).slice(network.nodes.length)
  const parts = new Map<string, LeftOut>()
  for (const [index, { macs, ops, parameters }] of rows.entries()) {
    const node = network.leftOut[index]
    if (!node) continue
    const name = node.name.split('.').slice(0, 3).join('.')
    const exit = node.owner.part === 'head' ? node.owner.exit : node.owner.segment
    const sum = parts.get(name) ?? { name, exit, macs: 0, ops: 0, parameters: 0 }
    parts.set(name, {
      ...sum,
      macs: sum.macs + macs,
      ops: sum.ops + ops,
      parameters: sum.parameters + parameters,
    })
  }
  return [...parts.values()]
}

/**
 * Costs of every exit, shallowest first. Under `msdnet-ops` the fields named MACs count that convention's operations.
 */
export function exitCosts(network: Network, convention: CostConvention): ExitCost[] {
  const ledger = costLedger(network, convention)
  const segments = network.exits.map(() => ({ ops: 0, parameters: 0 }))
  const heads = network.exits.map(() => ({ ops: 0, parameters: 0 }))
  for (const [index, node] of network.nodes.entries()) {
    const row = ledger[index]
    const sum = node.owner.part === 'head' ? heads[node.owner.exit - 1] : segments[node.owner.segment - 1]
    if (!row || !sum) throw new RangeError(`node ${node.name} belongs to no exit`)
    sum.ops += row.ops
    sum.parameters += row.parameters
  }
  let backbone = { ops: 0, parameters: 0 }
  let allHeads = { ops: 0, parameters: 0 }
  return network.exits.map((exit) => {
    const { k, after } = exit
    const head = heads[k - 1] ?? { ops: 0, parameters: 0 }
    const read = headsOf(exit).reduce((sum, number) => plus(sum, heads[number - 1]), {
      ops: 0,
      parameters: 0,
    })
    backbone = plus(backbone, segments[k - 1])
    allHeads = plus(allHeads, head)
    return {
      k,
      after,
      isolatedMacs: backbone.ops + read.ops,
      sequentialMacs: backbone.ops + allHeads.ops,
      headMacs: head.ops,
      parametersIsolated: backbone.parameters + read.parameters,
      parametersSequential: backbone.parameters + allHeads.parameters,
    }
  })
}

interface Sum {
  ops: number
  parameters: number
}

function plus(a: Sum, b: Sum | undefined): Sum {
  return b ? { ops: a.ops + b.ops, parameters: a.parameters + b.parameters } : a
}
