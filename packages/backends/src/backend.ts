/** The tfjs backends that the project knows, best first. `cpu` is for tests: plain JavaScript, very slow. */
export const backendNames = ['tensorflow-gpu', 'native', 'tensorflow', 'wasm', 'cpu'] as const

export type BackendName = (typeof backendNames)[number]

/** A backend that is set, complete for training, and ready. */
export interface OpenBackend {
  readonly name: BackendName
  /** Version of the package that brings the backend, such as `4.22.0`. */
  readonly version: string
  /** Every library that computes, by name: versions for the manifest. */
  readonly libraries: Readonly<Record<string, string>>
  /** Threads that one process computes with; 0 where the library chooses and doesn't say. */
  readonly threads: number
  /** What the GPU calls itself; absent on a CPU. */
  readonly gpu?: string
  /** One sentence: why this backend and not a better one. */
  readonly reason: string
}

/** What a backend's own loader knows about itself once it is set. */
export type LoadedBackend = Omit<OpenBackend, 'name' | 'reason'>
