import type { BatchNormOptions } from './batch-norm-options.ts'
import type { MapShape, Node, Operation, Owner, Padding, Shape } from './network.ts'
import { mapShape, operationShape } from './operation-shape.ts'

/** Where new nodes belong: who pays for them, which attach point, and the prefix of their names. */
export interface Scope {
  readonly owner: Owner
  readonly stage: string
  readonly prefix: string
}

export interface ConvOptions {
  filters: number
  kernel: number
  stride?: number
  padding?: Padding
  bias?: boolean
  /** Divides the input's channels and the filters; 1 by default. */
  groups?: number
}

/**
 * Collects nodes in the order in which they can be computed, infers their shapes and names them.
 * Every method takes and gives node names, so that an architecture reads as it is drawn.
 */
export class GraphBuilder {
  readonly nodes: Node[] = []
  readonly #shapes = new Map<string, Shape>()
  readonly #batchNorm: BatchNormOptions
  #scope: Scope = { owner: { part: 'backbone', segment: 1 }, stage: 'input', prefix: '' }

  constructor(inputShape: MapShape, batchNorm: BatchNormOptions) {
    this.#batchNorm = batchNorm
    this.#shapes.set('input', inputShape)
    this.nodes.push({
      name: 'input',
      operation: { kind: 'input' },
      inputs: [],
      shape: inputShape,
      owner: this.#scope.owner,
      stage: 'input',
    })
  }

  /** Nodes that `build` adds belong to `scope`. */
  within<T>(scope: Scope, build: () => T): T {
    const outer = this.#scope
    this.#scope = scope
    try {
      return build()
    } finally {
      this.#scope = outer
    }
  }

  shape(node: string): Shape {
    const shape = this.#shapes.get(node)
    if (!shape) throw new RangeError(`no node is called ${node}`)
    return shape
  }

  /** Height, width, channels of a node's output, which must be a feature map. */
  map(node: string): MapShape {
    return mapShape(this.shape(node))
  }

  add(name: string, operation: Operation, ...inputs: readonly string[]): string {
    const { prefix, owner, stage } = this.#scope
    const fullName = prefix + name
    if (this.#shapes.has(fullName)) throw new RangeError(`two nodes are called ${fullName}`)
    const shape = operationShape(
      operation,
      inputs.map((input) => this.shape(input)),
    )
    this.#shapes.set(fullName, shape)
    this.nodes.push({ name: fullName, operation, inputs, shape, owner, stage })
    return fullName
  }

  /** Square convolution. Padding defaults to (kernel - 1) / 2 pixels on every side, without bias. */
  conv(name: string, input: string, opts: ConvOptions): string {
    const { filters, kernel, stride = 1, padding = (kernel - 1) / 2, bias = false, groups = 1 } = opts
    const window = { filters, kernel, stride, padding, bias }
    if (groups === 1) return this.add(name, { kind: 'conv', ...window }, input)
    return this.add(name, { kind: 'grouped-conv', groups, ...window }, input)
  }

  depthwiseConv(name: string, input: string, opts: Omit<ConvOptions, 'filters' | 'groups'>): string {
    const { kernel, stride = 1, padding = (kernel - 1) / 2, bias = false } = opts
    return this.add(name, { kind: 'depthwise-conv', kernel, stride, padding, bias }, input)
  }

  batchNorm(name: string, input: string): string {
    return this.add(name, { kind: 'batch-norm', ...this.#batchNorm }, input)
  }

  relu(name: string, input: string): string {
    return this.add(name, { kind: 'relu' }, input)
  }

  /** `bn{id}`, `relu{id}` in a row, with `prefix` before the two names. */
  batchNormRelu(id: string | number, input: string, prefix = ''): string {
    return this.relu(`${prefix}relu${id}`, this.batchNorm(`${prefix}bn${id}`, input))
  }

  /** `conv{id}`, `bn{id}`, `relu{id}` in a row, with `prefix` before the three names. */
  convBatchNormRelu(id: string | number, input: string, opts: ConvOptions, prefix = ''): string {
    return this.batchNormRelu(id, this.conv(`${prefix}conv${id}`, input, opts), prefix)
  }
}
