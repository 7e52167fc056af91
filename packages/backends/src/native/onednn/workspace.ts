import type { Foreign } from './foreign.ts'

/** Alignment that oneDNN's own allocations have: a line of the cache. */
const alignment = 64

/**
 * Scratch memory that all primitives share, one after the other. It grows to the largest need and stays there.
 *
 * Outside of the WebAssembly memory, whose 4 GiB are for tensors.
 */
export class Workspace {
  private buffer = new ArrayBuffer(0)
  private start = 0

  constructor(private readonly foreign: Foreign) {}

  /** Address of at least `bytes` bytes; valid until the next call that asks for more. */
  reserve(bytes: number): number {
    if (this.buffer.byteLength < bytes + alignment) {
      this.buffer = new ArrayBuffer(bytes + alignment)
      const address = this.foreign.address(this.buffer)
      this.start = Math.ceil(address / alignment) * alignment
    }
    return this.start
  }
}

/** `bytes` rounded up, so that what follows starts on a line of the cache. */
export function aligned(bytes: number): number {
  return Math.ceil(bytes / alignment) * alignment
}
