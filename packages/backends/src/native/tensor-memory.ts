import type * as tf from '@tensorflow/tfjs-core'
import type { Heap } from '../wasm/heap.ts'
import type { Foreign } from './onednn/foreign.ts'

/**
 * Native addresses of tensors in tfjs' WebAssembly memory.
 *
 * The memory may move when it grows, which any allocation can make it do: allocate first, then ask for addresses, and
 * keep none beyond the call. They are built from what tfjs says of its own tensors and from nothing else.
 */
export class TensorMemory {
  private buffer: ArrayBufferLike | undefined
  private base = 0

  constructor(
    readonly heap: Heap,
    private readonly foreign: Pick<Foreign, 'address'>,
  ) {}

  /** Addresses of the tensors' first bytes. */
  addresses(...tensors: readonly tf.TensorInfo[]): number[] {
    const buffer = this.heap.buffer
    // Growth replaces the buffer and detaches the old one, so that one buffer has one address.
    if (buffer !== this.buffer) {
      this.base = this.foreign.address(buffer)
      this.buffer = buffer
    }
    return tensors.map((tensor) => this.base + this.heap.address(tensor))
  }
}
