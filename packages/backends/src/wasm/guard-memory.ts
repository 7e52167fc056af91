import { BenchError } from '@mate-bench/schema'

/** Emscripten's module as far as memory goes; tfjs looks `_malloc` up on it at each call. */
interface Allocator {
  readonly asm: { malloc(bytes: number): number }
  _malloc(bytes: number): number
}

/** What a 32-bit module can address, less its first page. */
const largestAllocation = 2 ** 32 - 2 ** 16

/**
 * Turns a failed allocation into an error.
 *
 * tfjs takes the null pointer of a full heap for an address and goes on over the module's own data, and a size
 * of 4 GiB or more is cut to its low 32 bits on the way in.
 */
export function guardMemory(module: Allocator): void {
  // Not `module._malloc`: on its first call that one puts itself back in place of whatever stands there.
  const { malloc } = module.asm
  module._malloc = (bytes) => {
    const address = bytes > largestAllocation ? 0 : malloc(bytes)
    if (address === 0 && bytes > 0) {
      throw new BenchError({
        code: 'bad-input',
        message: `The wasm backend ran out of memory: it can hold 4 GiB, and ${Math.ceil(bytes / 2 ** 20)} MiB more were asked for.`,
        hint: 'Lower training.batchSize, take a smaller model, or use the tensorflow backend.',
      })
    }
    return address
  }
}
