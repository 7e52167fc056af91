import type { Gpu, GpuAdapterInfo, GpuDevice } from './tfjs-webgpu.ts'

/** A GPU as its driver describes it, and whether it is one. */
export interface AdapterFacts {
  readonly vendor: string
  readonly architecture: string
  readonly device: string
  /** Name and version of the driver. */
  readonly driver: string
  /** A processor that does a GPU's work: right for tests, far slower than `wasm`. */
  readonly software: boolean
}

/** Drivers that compute on the processor, where the driver itself does not say so. */
const softwareArchitectures = ['swiftshader', 'llvmpipe', 'lavapipe', 'warp']

export function adapterFacts(info: GpuAdapterInfo): AdapterFacts {
  const { vendor, architecture, device, description } = info
  const names = `${vendor} ${architecture} ${device} ${description}`.toLowerCase()
  return {
    vendor: vendor || 'unknown',
    architecture: architecture || 'unknown',
    device: device || 'unknown',
    driver: description || 'unknown',
    software:
      info.isFallbackAdapter === true || softwareArchitectures.some((software) => names.includes(software)),
  }
}

/** One line for people: `apple common-3, apple-m2, Metal driver ...`. */
export function adapterText({ vendor, architecture, device, driver, software }: AdapterFacts): string {
  return `${vendor} ${architecture}, ${device}, ${driver}${software ? ', software' : ''}`
}

/** Limits that are asked for as high as the adapter has them; everything else stays at what WebGPU promises everywhere. */
const raisedLimits = [
  'maxStorageBuffersPerShaderStage',
  'maxComputeWorkgroupStorageSize',
  'maxComputeWorkgroupsPerDimension',
  'maxStorageBufferBindingSize',
  'maxBufferSize',
  'maxComputeWorkgroupSizeX',
  'maxComputeInvocationsPerWorkgroup',
]

/** @returns undefined where there is no adapter, not even one of software */
export async function openDevice(
  gpu: Gpu,
): Promise<{ readonly device: GpuDevice; readonly info: GpuAdapterInfo } | undefined> {
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' })
  if (!adapter) return undefined
  const requiredLimits = Object.fromEntries(raisedLimits.map((name) => [name, adapter.limits[name]]))
  return { device: await adapter.requestDevice({ requiredLimits }), info: adapter.info }
}
