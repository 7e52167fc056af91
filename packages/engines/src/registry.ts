import { BenchError, didYouMean } from '@mate-bench/schema'
import { oneDnn } from './definitions/onednn.ts'
import { tensorflow } from './definitions/tensorflow.ts'
import { tensorflowGpu } from './definitions/tensorflow-gpu.ts'
import { webgpu } from './definitions/webgpu.ts'
import { type EngineBuild, type EngineDefinition, engineNames } from './engine.ts'

/** Every engine, in the order in which `engine list` shows them. */
export const engines: readonly EngineDefinition[] = [tensorflow, tensorflowGpu, oneDnn, webgpu]

/** @throws BenchError `bad-input` with the nearest name */
export function getEngine(name: string): EngineDefinition {
  const found = engines.find((engine) => engine.name === name)
  if (found) return found
  throw new BenchError({
    code: 'bad-input',
    message: `There is no engine called '${name}'; there are ${engines.map((engine) => engine.name).join(', ')}.`,
    path: 'engine',
    hint: didYouMean(name, [...engineNames]),
  })
}

/** `linux-x64`; with `-musl` where the C library is not glibc, for which no wheel here was built. */
export function platformName(): string {
  const name = `${process.platform}-${process.arch}`
  return process.platform === 'linux' && !usesGlibc() ? `${name}-musl` : name
}

/** @throws BenchError `backend-unavailable` where the engine does not exist for this platform */
export function buildFor(engine: EngineDefinition, platform = platformName()): EngineBuild {
  const build = Object.entries(engine.platforms).find(([name]) => name === platform)?.[1]
  if (build) return build
  throw new BenchError({
    code: 'backend-unavailable',
    message: `There is no ${engine.name} engine for ${platform}; there is one for ${Object.keys(engine.platforms).join(', ')}.`,
    path: 'engine',
    hint: 'The backend `wasm` trains on every platform, without an engine.',
  })
}

/** Asked once, before there are connections, whose peers the report would look up by name. */
let glibc: boolean | undefined

function usesGlibc(): boolean {
  if (glibc !== undefined) return glibc
  const report = process.report?.getReport() as { header?: { glibcVersionRuntime?: string } } | undefined
  glibc = report?.header?.glibcVersionRuntime !== undefined
  return glibc
}
