import type { RecordedSettings } from './settings.ts'
import type { AdapterFacts } from './webgpu/adapter.ts'

/** The tfjs backends that the project knows, best first. `cpu` is for tests: plain JavaScript, very slow. */
export const backendNames = ['tensorflow-gpu', 'webgpu', 'native', 'tensorflow', 'wasm', 'cpu'] as const

export type BackendName = (typeof backendNames)[number]

/** A backend that is set, complete for training, and ready. */
export interface OpenBackend {
  readonly name: BackendName
  /** Version of the package that brings the backend, such as `4.22.0`. */
  readonly version: string
  /** Every library that computes, by name: versions for the manifest. */
  readonly libraries: Readonly<Record<string, string>>
  /** Threads that one process computes with. */
  readonly threads: number
  /** Everything that is fixed about how it computes, `threads` included. */
  readonly settings: RecordedSettings
  /** Whether the same spec and seed give the same bytes with these settings. */
  readonly deterministic: boolean
  /** What the GPU calls itself; absent on a CPU. */
  readonly gpu?: string
  /** What WebGPU computes with. */
  readonly adapter?: AdapterFacts
}

/** What a backend's own loader knows about itself once it is set. */
export type LoadedBackend = Omit<OpenBackend, 'name'>
