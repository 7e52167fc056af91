import { argument } from './constants.ts'
import { created, type Descriptor, type Layout } from './dialect.ts'
import type { Library } from './library.ts'
import { aligned, type Workspace } from './workspace.ts'

/** One tensor that a primitive reads or writes. */
export interface Operand {
  /** `DNNL_ARG_*`. */
  readonly argument: number
  /** How the caller's tensor lies in memory. */
  readonly layout: Required<Layout>
  readonly direction: 'in' | 'out'
}

/** A memory object whose address is set before each run, and the address it has. */
interface Bound {
  readonly memory: bigint
  address: number
}

interface Execution {
  readonly primitive: bigint
  readonly arguments: Uint8Array
  readonly count: number
}

/**
 * A compiled operation on tensors that lie as the caller has them. Where the library wants another layout, usually of
 * weights, the tensor is reordered on the way in or out.
 */
export class Primitive {
  private readonly handles: { readonly memories: bigint[]; readonly primitives: bigint[] } = {
    memories: [],
    primitives: [],
  }
  private readonly operands: Bound[] = []
  /** Memories in the workspace, by their distance from its start. */
  private readonly staged: { readonly memory: bigint; readonly offset: number }[] = []
  private readonly executions: Execution[] = []
  private workspaceBytes = 0
  private workspaceAddress = 0

  /**
   * @param primitiveDescriptor destroyed here
   * @param operands in the order in which `run` gets their addresses
   */
  constructor(
    private readonly library: Library,
    private readonly workspace: Workspace,
    primitiveDescriptor: bigint,
    operands: readonly Operand[],
  ) {
    try {
      this.build(primitiveDescriptor, operands)
    } catch (thrown) {
      this.destroy()
      throw thrown
    } finally {
      library.call.descriptorDestroy(primitiveDescriptor)
    }
  }

  /** Computes on tensors at these native addresses, and returns when it is done. */
  run(addresses: readonly number[]): void {
    const { call, check, stream } = this.library
    if (this.workspaceBytes > 0) this.placeWorkspace(this.workspace.reserve(this.workspaceBytes))
    for (let i = 0; i < this.operands.length; i++) {
      const operand = this.operands[i]
      const address = addresses[i]
      if (operand === undefined || address === undefined) throw new Error('a primitive lacks an operand')
      if (operand.address === address) continue
      check(call.memorySetHandle(operand.memory, address), 'an address')
      operand.address = address
    }
    for (const { primitive, count, arguments: bound } of this.executions) {
      check(call.primitiveExecute(primitive, stream, count, bound), 'to compute')
    }
    check(call.streamWait(stream), 'to finish')
  }

  destroy(): void {
    const { call } = this.library
    for (const primitive of this.handles.primitives.splice(0)) call.primitiveDestroy(primitive)
    for (const memory of this.handles.memories.splice(0)) call.memoryDestroy(memory)
  }

  private build(primitiveDescriptor: bigint, operands: readonly Operand[]): void {
    const before: Execution[] = []
    const after: Execution[] = []
    const bound = operands.map((operand): readonly [number, bigint] => {
      const wanted = this.library.layoutOf(primitiveDescriptor, operand.argument)
      const given = this.library.dialect.describe(operand.layout)
      try {
        const memory = this.memory(given)
        this.operands.push({ memory, address: 0 })
        if (Number(this.library.call.descriptorsEqual(given, wanted)) === 1) return [operand.argument, memory]
        const staged = this.stage(wanted)
        if (operand.direction === 'in') before.push(this.reorder(given, memory, wanted, staged))
        else after.push(this.reorder(wanted, staged, given, memory))
        return [operand.argument, staged]
      } finally {
        this.library.dialect.release(given)
      }
    })
    const scratch = this.library.layoutOf(primitiveDescriptor, argument.scratchpad)
    if (this.library.sizeOf(scratch) > 0) bound.push([argument.scratchpad, this.stage(scratch)])
    this.executions.push(...before, this.execution(primitiveDescriptor, bound), ...after)
  }

  private memory(descriptor: Descriptor): bigint {
    const memory = this.library.createMemory(descriptor)
    this.handles.memories.push(memory)
    return memory
  }

  /** A memory of this layout in the workspace. */
  private stage(descriptor: Descriptor): bigint {
    const memory = this.memory(descriptor)
    this.staged.push({ memory, offset: this.workspaceBytes })
    this.workspaceBytes += aligned(this.library.sizeOf(descriptor))
    return memory
  }

  private reorder(from: Descriptor, source: bigint, to: Descriptor, destination: bigint): Execution {
    const { call, check, engine } = this.library
    const descriptor = created(check, 'a reorder', call.reorderCreate, from, engine, to, engine, null)
    try {
      return this.execution(descriptor, [
        [argument.source, source],
        [argument.destination, destination],
      ])
    } finally {
      call.descriptorDestroy(descriptor)
    }
  }

  private execution(primitiveDescriptor: bigint, bound: readonly (readonly [number, bigint])[]): Execution {
    const { call, check } = this.library
    const primitive = created(check, 'a primitive', call.primitiveCreate, primitiveDescriptor)
    this.handles.primitives.push(primitive)
    // dnnl_exec_arg_t: an int, four bytes of padding, a pointer.
    const list = new DataView(new ArrayBuffer(16 * bound.length))
    for (const [i, [index, memory]] of bound.entries()) {
      list.setInt32(16 * i, index, true)
      list.setBigUint64(16 * i + 8, memory, true)
    }
    return { primitive, arguments: new Uint8Array(list.buffer), count: bound.length }
  }

  private placeWorkspace(address: number): void {
    if (address === this.workspaceAddress) return
    for (const { memory, offset } of this.staged) {
      this.library.check(this.library.call.memorySetHandle(memory, address + offset), 'an address')
    }
    this.workspaceAddress = address
  }
}
