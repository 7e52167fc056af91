/** What is used here of tfjs' WebGPU backend and of Dawn, neither of which the project's own packages bring. */
import type * as tf from '@tensorflow/tfjs-core'

/** A buffer on the device; never looked into. */
export interface GpuBuffer {
  readonly size: number
}

export interface GpuPipeline {
  getBindGroupLayout(index: number): object
}

export interface GpuComputePass {
  setPipeline(pipeline: GpuPipeline): void
  setBindGroup(index: number, group: object): void
  dispatchWorkgroups(x: number, y?: number, z?: number): void
}

export interface GpuDevice {
  readonly lost: Promise<{ readonly reason: string; readonly message: string }>
  readonly limits: Readonly<Record<string, number>>
  addEventListener(
    type: 'uncapturederror',
    listener: (event: { readonly error: { readonly message: string }; preventDefault(): void }) => void,
  ): void
  createShaderModule(descriptor: { readonly code: string; readonly label: string }): object
  createComputePipeline(descriptor: object): GpuPipeline
  createBindGroup(descriptor: object): object
  destroy(): void
}

export interface GpuAdapterInfo {
  readonly vendor: string
  readonly architecture: string
  readonly device: string
  readonly description: string
  readonly isFallbackAdapter?: boolean
}

export interface GpuAdapter {
  readonly info: GpuAdapterInfo
  readonly limits: Readonly<Record<string, number>>
  requestDevice(descriptor: object): Promise<GpuDevice>
}

export interface Gpu {
  requestAdapter(options: object): Promise<GpuAdapter | null>
}

/** The npm package `webgpu`. */
export interface DawnModule {
  create(options: readonly string[]): Gpu
  readonly globals: Readonly<Record<string, unknown>>
}

/** Where a tensor's values are: on the host, on the device, or both. */
interface TensorData {
  readonly dtype: string
  readonly shape: readonly number[]
  readonly values: unknown
  resource?: GpuBuffer | null
  /** Whether the buffer is somebody else's. */
  external?: boolean
}

/** tfjs' backend, with what its own kernels use of it. */
export interface WebgpuBackend extends tf.KernelBackend {
  readonly device: GpuDevice
  readonly tensorMap: { get(dataId: object): TensorData; has(dataId: object): boolean }
  readonly commandQueueOwnedIds: WeakSet<object>
  readonly commandEncoder: { beginComputePass(descriptor: object): GpuComputePass }
  computePassEncoder: GpuComputePass | null
  dispatchCountInPass: number
  makeTensorInfo(shape: number[], dtype: 'float32' | 'int32'): tf.TensorInfo
  uploadToGPU: (dataId: object) => void
  makeUniforms(
    fields: readonly { readonly type: 'float32' | 'uint32'; readonly data: readonly number[] }[],
  ): object
  tensorToBinding(tensor: tf.TensorInfo): object
  ensureCommandEncoderReady(): void
  endComputePassEncoder(): void
  submitQueue(): void
}

/** The bundle of `@tensorflow/tfjs-backend-webgpu`. */
export interface TfjsWebgpuModule {
  readonly WebGPUBackend: new (device: GpuDevice, info: GpuAdapterInfo) => WebgpuBackend
}
