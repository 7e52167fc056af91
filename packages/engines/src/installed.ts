import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { type EngineName, engineNames } from './engine.ts'
import { enginesFolder } from './folder.ts'

const manifestSchema = z.object({
  schemaVersion: z.literal(1),
  name: z.enum(engineNames),
  id: z.string().regex(/^[a-z0-9.-]+$/),
  version: z.string(),
  platform: z.string(),
  libraries: z.record(z.string(), z.string()),
  installedAt: z.string(),
})

/** `engine.json`, the file that makes a folder an engine: written last. */
export type EngineManifest = z.output<typeof manifestSchema>

export interface InstalledEngine {
  readonly name: EngineName
  readonly folder: string
  readonly manifest: EngineManifest
}

export const manifestFile = 'engine.json'
export const currentFile = 'current.json'

/** Name of the environment variable that puts an engine's folder in place of the installed one. */
export function overrideVariable(name: EngineName): string {
  return `MATE_BENCH_ENGINE_${name.toUpperCase().replaceAll('-', '_')}`
}

/**
 * The engine that is switched on, or undefined. A folder in `MATE_BENCH_ENGINE_TENSORFLOW` (and so on) takes its place: how
 * a new engine is tried before it is switched on.
 */
export function installedEngine(
  name: EngineName,
  env: Readonly<Record<string, string | undefined>> = process.env,
): InstalledEngine | undefined {
  const override = env[overrideVariable(name)]
  if (override) return engineAt(name, resolve(override))
  const id = currentId(name, enginesFolder(env))
  return id === undefined ? undefined : engineAt(name, join(enginesFolder(env), name, id))
}

const currentSchema = z.object({ id: z.string().regex(/^[a-z0-9.-]+$/) })

/** The id in `current.json`; undefined where there is none that can be read. */
export function currentId(name: EngineName, engines: string): string | undefined {
  return currentSchema.safeParse(readJson(join(engines, name, currentFile))).data?.id
}

/** The engine in a folder; undefined where the folder holds no complete one of that name. */
export function engineAt(name: EngineName, folder: string): InstalledEngine | undefined {
  const manifest = manifestSchema.safeParse(readJson(join(folder, manifestFile))).data
  return manifest?.name === name ? { name, folder, manifest } : undefined
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return undefined
  }
}
