import type { Network, Node, ParameterDescription, ParameterRole, Shape } from './network.ts'

function nodeParameters(node: Node, inputShape: Shape): ParameterDescription[] {
  const describe = (suffix: string, role: ParameterRole, shape: readonly number[], trainable = true) => ({
    name: `${node.name}.${suffix}`,
    node: node.name,
    role,
    shape,
    trainable,
  })
  const inputWidth = inputShape.at(-1) ?? 0
  const { operation } = node
  switch (operation.kind) {
    case 'conv':
    case 'grouped-conv': {
      const { kernel, filters, bias } = operation
      const channels = operation.kind === 'conv' ? inputWidth : inputWidth / operation.groups
      const weight = describe('weight', 'kernel', [kernel, kernel, channels, filters])
      return bias ? [weight, describe('bias', 'bias', [filters])] : [weight]
    }
    case 'depthwise-conv': {
      const { kernel, bias } = operation
      const weight = describe('weight', 'kernel', [kernel, kernel, inputWidth, 1])
      return bias ? [weight, describe('bias', 'bias', [inputWidth])] : [weight]
    }
    case 'linear': {
      const weight = describe('weight', 'kernel', [inputWidth, operation.units])
      return operation.bias ? [weight, describe('bias', 'bias', [operation.units])] : [weight]
    }
    case 'batch-norm':
      return [
        describe('gamma', 'gamma', [inputWidth]),
        describe('beta', 'beta', [inputWidth]),
        describe('mean', 'running-mean', [inputWidth], false),
        describe('variance', 'running-variance', [inputWidth], false),
      ]
    default:
      return []
  }
}

/** Shapes of all nodes' outputs by name. */
export function shapesByNode(network: Network): ReadonlyMap<string, Shape> {
  return new Map(network.nodes.map(({ name, shape }) => [name, shape]))
}

/** Shape of a node's first input; of the node itself for the network's input. */
export function inputShapeOf(node: Node, shapes: ReadonlyMap<string, Shape>): Shape {
  const [input] = node.inputs
  return (input === undefined ? undefined : shapes.get(input)) ?? node.shape
}

/** Every parameter of a network in the order of its nodes, running statistics of batch norm included. */
export function parameterDescriptions(network: Network): ParameterDescription[] {
  const shapes = shapesByNode(network)
  return network.nodes.flatMap((node) => nodeParameters(node, inputShapeOf(node, shapes)))
}
