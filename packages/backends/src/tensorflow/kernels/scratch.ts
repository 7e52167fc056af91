import type { Attribute, Handle, Operations, Output } from '../operations.ts'

/** Operations on handles whose results are all released at the end, but for those that are taken out. */
export class Scratch {
  readonly #operations: Operations
  readonly #handles = new Set<Handle>()

  private constructor(operations: Operations) {
    this.#operations = operations
  }

  /** Lends a scratch to `use`, and releases whatever is left in it. */
  static with<T>(operations: Operations, use: (scratch: Scratch) => T): T {
    const scratch = new Scratch(operations)
    try {
      return use(scratch)
    } finally {
      for (const handle of scratch.#handles) operations.release(handle)
    }
  }

  many(
    operation: string,
    inputs: readonly Handle[],
    attributes: readonly Attribute[],
    outputs: number,
  ): Output[] {
    const results = this.#operations.call(operation, inputs, attributes, outputs)
    for (const { id } of results) this.#handles.add(id)
    return results
  }

  one(operation: string, inputs: readonly Handle[], attributes?: readonly Attribute[]): Output {
    const [result] = this.many(operation, inputs, attributes ?? [], 1)
    if (result === undefined) throw new Error(`${operation} gave no output`)
    return result
  }

  /** Runs an operation with one output. */
  run(operation: string, inputs: readonly Handle[], attributes?: readonly Attribute[]): Handle {
    return this.one(operation, inputs, attributes).id
  }

  scalar(value: number): Handle {
    const handle = this.#operations.scalar(value)
    this.#handles.add(handle)
    return handle
  }

  /** Releases a result early. */
  release(handle: Handle): void {
    if (this.#handles.delete(handle)) this.#operations.release(handle)
  }

  /** Takes an output out, as a tensor of the current tidy. */
  tensor(output: Output) {
    this.#handles.delete(output.id)
    return this.#operations.tensor(output)
  }
}
