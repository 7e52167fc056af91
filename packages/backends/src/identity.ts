import { statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { installedEngine } from '@mate-bench/engines'
import type { BackendName } from './backend.ts'
import { findLibrary } from './native/find-library.ts'

/** Packages that somebody may have installed with npm, library and all, where there is no engine. */
const npmPackages: Readonly<Partial<Record<BackendName, string>>> = {
  tensorflow: '@tensorflow/tfjs-node',
  'tensorflow-gpu': '@tensorflow/tfjs-node-gpu',
}

/**
 * What a backend would compute with here, as a text that changes when that does; undefined where it is not installed.
 * Nothing is loaded.
 */
export function backendIdentity(
  name: BackendName,
  resolve: (path: string) => string = createRequire(import.meta.url).resolve,
): string | undefined {
  if (name === 'wasm' || name === 'cpu') return name
  if (name === 'native') return nativeIdentity()
  const engine = installedEngine(name)
  if (engine) return `engine ${engine.manifest.id}`
  const npmPackage = npmPackages[name]
  if (npmPackage === undefined) return undefined
  try {
    const path = resolve(`${npmPackage}/package.json`)
    return `${path} of ${statSync(path).mtimeMs}`
  } catch {
    return undefined
  }
}

/** The library's file, which an update of the system or of an engine changes. */
function nativeIdentity(): string | undefined {
  const found = findLibrary()
  if (found === undefined) return undefined
  const { mtimeMs } = statSync(found.path, { throwIfNoEntry: false }) ?? {}
  return `${found.origin}, ${found.path} of ${mtimeMs}`
}
