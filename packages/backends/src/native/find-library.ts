import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { installedEngine, overrideVariable } from '@mate-bench/engines'

/** A oneDNN of this machine. */
export interface FoundLibrary {
  /** Of the shared library. */
  readonly path: string
  /** Libraries that it needs and that the system's loader would not find, to be loaded before it. */
  readonly before: readonly string[]
  /** In words, for messages. */
  readonly origin: string
}

/** Names that the library has, the newest first. */
const fileNames: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  linux: ['libdnnl.so.3', 'libdnnl.so.2'],
  darwin: ['libdnnl.3.dylib', 'libdnnl.2.dylib'],
  win32: ['dnnl.dll'],
}

/** Where distributions, Homebrew and an active conda environment put it. */
function systemFolders(platform: NodeJS.Platform, env: Environment): string[] {
  const conda = env.CONDA_PREFIX ? [join(env.CONDA_PREFIX, 'lib')] : []
  if (platform === 'darwin') return [...conda, '/opt/homebrew/lib', '/usr/local/lib']
  // On Windows the functions of OpenMP are looked up in Microsoft's, which other builds are not linked to.
  if (platform !== 'linux') return []
  const triplet = { x64: 'x86_64', arm64: 'aarch64' }[process.arch as string] ?? process.arch
  return [...conda, '/usr/local/lib', `/usr/lib/${triplet}-linux-gnu`, '/usr/lib64', '/usr/lib']
}

type Environment = Readonly<Record<string, string | undefined>>

/**
 * The oneDNN to use, without loading it: the file that MATE_BENCH_ONEDNN names, else the engine that was added, else the
 * system's. An engine that is being tried before it is switched on comes before all of them.
 */
export function findLibrary(
  env: Environment = process.env,
  platform: NodeJS.Platform = process.platform,
): FoundLibrary | undefined {
  const own = env.MATE_BENCH_ONEDNN
  if (own && !env[overrideVariable('onednn')]) return { path: own, before: [], origin: 'MATE_BENCH_ONEDNN' }
  const engine = installedEngine('onednn', env)
  const folders = engine ? [join(engine.folder, 'lib')] : systemFolders(platform, env)
  const paths = (fileNames[platform] ?? []).flatMap((name) => folders.map((folder) => join(folder, name)))
  const path = paths.find((candidate) => existsSync(candidate))
  if (path === undefined) return undefined
  if (!engine) return { path, before: [], origin: 'the system' }
  // Intel's OpenMP, where the engine brings it, is found by its name once it is loaded.
  const before = [join(engine.folder, 'lib', 'libiomp5.dylib')].filter((needed) => existsSync(needed))
  return { path, before, origin: `engine ${engine.manifest.id}` }
}
