/** Native libraries that a backend computes with, each installed by `mate-bench engine add NAME`. */
export const engineNames = ['tensorflow', 'tensorflow-gpu', 'onednn', 'webgpu'] as const

export type EngineName = (typeof engineNames)[number]

export function isEngineName(name: string): name is EngineName {
  return (engineNames as readonly string[]).includes(name)
}

/** Files of an archive that are kept: every member whose path starts with `from`, moved below `to`. */
export interface Take {
  readonly from: string
  /** Path inside the engine's folder; `from` is replaced by it. */
  readonly to: string
}

/** A wheel on a Python package index, pinned to its bytes. Nothing in it is executed by Python. */
export interface WheelPin {
  /** Name on the index, such as `tensorflow-cpu`. */
  readonly package: string
  readonly version: string
  /** File name, which holds Python version, ABI and platform. */
  readonly file: string
  readonly bytes: number
  /** Lower-case hex. */
  readonly sha256: string
  readonly take: readonly Take[]
}

/** A package on the npm registry, pinned to its bytes. Its install scripts are not run. */
export interface NpmPin {
  readonly package: string
  readonly version: string
  /** Of the tarball. */
  readonly bytes: number
  /** Subresource integrity of the tarball, as npm's lockfiles have it. */
  readonly integrity: string
  readonly take: readonly Take[]
}

/** `linux-x64`, `darwin-arm64`: Node's platform and architecture. */
export type PlatformName = `${NodeJS.Platform}-${NodeJS.Architecture}`

/** What an engine is made of on one platform. */
export interface EngineBuild {
  readonly wheels: readonly WheelPin[]
  readonly npm: readonly NpmPin[]
  /** Room that the unpacked files take, in bytes. */
  readonly unpackedBytes: number
}

/** One engine: a file of its own under `definitions/`, listed in `registry.ts`. */
export interface EngineDefinition {
  readonly name: EngineName
  /** The backend that computes with it. */
  readonly backend: 'tensorflow' | 'tensorflow-gpu' | 'native' | 'webgpu'
  /** Of the library that computes, such as TensorFlow 2.18.1. */
  readonly version: string
  /** One line for people. */
  readonly summary: string
  readonly platforms: Readonly<Partial<Record<PlatformName, EngineBuild>>>
  /** Versions for `engine.json`, by name. */
  readonly libraries: Readonly<Record<string, string>>
  /** Raised when `assemble` changes, so that an engine made by an older recipe is replaced. */
  readonly recipeVersion: number
  /**
   * What must be on this machine before anything is downloaded.
   * @throws BenchError `backend-unavailable` that says what is missing and how to get it
   */
  readonly require?: () => void
  /**
   * Makes a working engine of the unpacked files in `folder`; paths inside the engine must be relative. Absent where they
   * are one as they are.
   */
  readonly assemble?: (folder: string, signal: AbortSignal) => Promise<void>
}
