import * as tf from '@tensorflow/tfjs-core'
import { guardMemory } from './guard-memory.ts'
import { instantiateSimd, type SimdModule } from './simd/module.ts'

/** The little of tfjs' `BackendWasm` that kernels need. */
interface WasmBackend {
  readonly wasm: {
    readonly HEAPU8: Uint8Array<ArrayBuffer>
    readonly asm: { readonly memory: WebAssembly.Memory; malloc(bytes: number): number }
    _malloc(bytes: number): number
  }
  readonly dataIdMap: { get(dataId: object): { readonly memoryOffset: number } }
  makeOutput(shape: number[], dtype: tf.DataType): tf.TensorInfo
  disposeData(dataId: object): boolean
  incRef(dataId: object): void
}

/**
 * Tensors as addresses in the memory that tfjs' module and the project's own module share.
 *
 * Any allocation may grow the memory and detach every view of it: allocate first, then take views.
 */
export class Heap {
  private constructor(
    private readonly backend: WasmBackend,
    readonly simd: SimdModule,
  ) {}

  /** Over the current tfjs backend, which must be `wasm`. */
  static async open(): Promise<Heap> {
    const backend = tf.backend() as unknown as WasmBackend
    guardMemory(backend.wasm)
    return new Heap(backend, await instantiateSimd(backend.wasm.asm.memory))
  }

  /** All of the memory; another buffer after it has grown. */
  get buffer(): ArrayBuffer {
    return this.backend.wasm.asm.memory.buffer
  }

  /** Address of the tensor's first byte. */
  address(tensor: tf.TensorInfo): number {
    return this.backend.dataIdMap.get(tensor.dataId).memoryOffset
  }

  /** A new tensor whose values are undefined; the caller owns it. */
  allocate(shape: number[], dtype: 'float32' | 'int32' = 'float32'): tf.TensorInfo {
    return this.backend.makeOutput(shape, dtype)
  }

  /** A second tensor over the same values. */
  share({ dataId, shape, dtype }: tf.TensorInfo): tf.TensorInfo {
    this.backend.incRef(dataId)
    return { dataId, shape, dtype }
  }

  free(tensor: tf.TensorInfo): void {
    this.backend.disposeData(tensor.dataId)
  }

  /** Lends scratch memory of `bytes` bytes, 8-byte aligned, to `use`. */
  withScratch<T>(bytes: number, use: (address: number) => T): T {
    const scratch = this.allocate([Math.ceil(bytes / 4) + 1], 'int32')
    try {
      return use(((this.address(scratch) + 7) & ~7) >>> 0)
    } finally {
      this.free(scratch)
    }
  }

  float32(address: number, length: number): Float32Array {
    return new Float32Array(this.backend.wasm.HEAPU8.buffer, address, length)
  }

  float64(address: number, length: number): Float64Array {
    return new Float64Array(this.backend.wasm.HEAPU8.buffer, address, length)
  }

  int32(address: number, length: number): Int32Array {
    return new Int32Array(this.backend.wasm.HEAPU8.buffer, address, length)
  }

  /** The values of a float32 tensor, in place; valid until the next allocation. */
  values(tensor: tf.TensorInfo): Float32Array {
    return this.float32(this.address(tensor), tf.util.sizeFromShape(tensor.shape))
  }
}
