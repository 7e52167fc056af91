import type { Network, Node } from './describe/network.ts'

/** Nodes that run as one step: a layer, the batch norm that alone reads it, the ReLU that alone reads that. */
export interface Step {
  readonly node: Node
  readonly batchNorm: Node | undefined
  readonly relu: boolean
  /** Name under which the step's output is known. */
  readonly output: string
}

export interface ForwardPlan {
  readonly steps: readonly Step[]
  /** How many steps read each output; exits count as readers. */
  readonly readers: ReadonlyMap<string, number>
  /** Outputs of the backbone that a head reads, and the number of its exit. */
  readonly junctions: ReadonlyMap<string, number>
}

type Kind = Node['operation']['kind']

const takesBatchNorm: ReadonlySet<Kind> = new Set(['conv', 'grouped-conv', 'depthwise-conv'])
const takesRelu: ReadonlySet<Kind> = new Set(['conv', 'grouped-conv', 'depthwise-conv', 'batch-norm'])

/** Groups the nodes into steps, in order, and counts the readers of what each step gives. */
export function planForward(network: Network): ForwardPlan {
  const consumers = new Map<string, Node[]>()
  for (const node of network.nodes) {
    for (const input of node.inputs) consumers.set(input, [...(consumers.get(input) ?? []), node])
  }
  const shown = new Set(
    network.exits.flatMap(({ featureMap, feature, logits }) => [featureMap, feature, logits]),
  )
  /** The only reader of a node, if it is of the kind asked for and nobody outside sees the node itself. */
  const onlyReader = (node: Node, kind: Kind): Node | undefined => {
    const [reader, ...others] = consumers.get(node.name) ?? []
    if (shown.has(node.name) || others.length > 0) return undefined
    return reader?.operation.kind === kind ? reader : undefined
  }

  const steps: Step[] = []
  const swallowed = new Set<string>()
  for (const node of network.nodes) {
    if (swallowed.has(node.name)) continue
    const { kind } = node.operation
    const batchNorm = takesBatchNorm.has(kind) ? onlyReader(node, 'batch-norm') : undefined
    const relu = takesRelu.has(kind) ? onlyReader(batchNorm ?? node, 'relu') : undefined
    if (batchNorm) swallowed.add(batchNorm.name)
    if (relu) swallowed.add(relu.name)
    steps.push({ node, batchNorm, relu: relu !== undefined, output: (relu ?? batchNorm ?? node).name })
  }

  const readers = new Map<string, number>()
  for (const { node } of steps) {
    for (const input of node.inputs) readers.set(input, (readers.get(input) ?? 0) + 1)
  }
  for (const name of shown) readers.set(name, (readers.get(name) ?? 0) + 1)
  return { steps, readers, junctions: junctionsOf(network) }
}

function junctionsOf({ nodes }: Network): Map<string, number> {
  const inBackbone = new Set(nodes.filter(({ owner }) => owner.part === 'backbone').map(({ name }) => name))
  const junctions = new Map<string, number>()
  for (const { owner, inputs } of nodes) {
    if (owner.part !== 'head') continue
    for (const input of inputs) if (inBackbone.has(input)) junctions.set(input, owner.exit)
  }
  return junctions
}
