import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { compileFunction } from 'node:vm'
import { type InstalledEngine, installedEngine } from '@mate-bench/engines'
import { BenchError } from '@mate-bench/schema'
import * as tf from '@tensorflow/tfjs-core'
import type { LoadedBackend } from './backend.ts'
import { type AdapterFacts, adapterText } from './webgpu/adapter.ts'
import type { Remedies } from './webgpu/faults.ts'
import { startWebgpu } from './webgpu/start.ts'
import type { DawnModule, Gpu, TfjsWebgpuModule } from './webgpu/tfjs-webgpu.ts'

/** Options of Dawn, such as `backend=vulkan adapter=Radeon`: which of several GPUs. */
const dawnVariable = 'MATE_BENCH_DAWN'

/** Held for the life of the process: Dawn takes its devices along when it is collected. */
let opened: { readonly gpu: Gpu; readonly facts: AdapterFacts } | undefined

async function startDawn({ folder }: InstalledEngine): Promise<Gpu> {
  const { create, globals } = (await import(
    pathToFileURL(join(folder, 'webgpu', 'index.js')).href
  )) as DawnModule
  const gpu = create((process.env[dawnVariable] ?? '').split(' ').filter((option) => option !== ''))
  // tfjs looks for WebGPU where a browser has it.
  Object.assign(globalThis, globals)
  if (globalThis.navigator === undefined) {
    Object.defineProperty(globalThis, 'navigator', { value: { userAgent: 'node' }, configurable: true })
  }
  Object.defineProperty(globalThis.navigator, 'gpu', { value: gpu, configurable: true })
  return gpu
}

/** Runs tfjs' bundle with the project's own tfjs-core for the one package that it asks for. */
function loadTfjsWebgpu({ folder }: InstalledEngine): TfjsWebgpuModule {
  const filename = join(folder, 'tfjs-backend-webgpu', 'tf-backend-webgpu.node.js')
  const bundle = { exports: {} }
  const run = compileFunction(readFileSync(filename, 'utf8'), ['require', 'exports', 'module'], { filename })
  const require = (name: string) => {
    if (name === '@tensorflow/tfjs-core') return tf
    throw new Error(`tfjs' WebGPU backend asks for ${name}`)
  }
  run(require, bundle.exports, bundle)
  return bundle.exports as TfjsWebgpuModule
}

/**
 * Loads Dawn and tfjs' WebGPU backend of the installed engine, and completes it for training.
 *
 * @throws BenchError `backend-unavailable` where no driver offers a GPU, Error where the engine is not installed
 */
export async function loadWebgpu(): Promise<LoadedBackend> {
  const engine = installedEngine('webgpu')
  if (engine === undefined) throw new Error('its engine is not installed')
  opened ??= await start(engine)
  await tf.setBackend('webgpu')
  await tf.ready()
  const { version, libraries } = engine.manifest
  return {
    version,
    libraries: { '@tensorflow/tfjs-core': tf.version_core, ...libraries },
    threads: 1,
    settings: { threads: 1 },
    // What a driver promises is not known: the self-check sees whether bytes repeat.
    deterministic: false,
    gpu: adapterText(opened.facts),
    adapter: opened.facts,
  }
}

const remedies: Remedies = {
  lost: 'A driver that was updated or reset, a machine that slept, or too much memory does this. Go on from the last checkpoint with the same command and --resume.',
  refused:
    'A smaller training.batchSize needs less memory. Another backend goes on from the last checkpoint: --resume --allow-different-environment.',
}

async function start(engine: InstalledEngine) {
  const gpu = await startDawn(engine)
  const facts = await startWebgpu(gpu, () => loadTfjsWebgpu(engine), remedies)
  if (facts === undefined) {
    throw new BenchError({
      code: 'backend-unavailable',
      message: "Backend 'webgpu' can't be used here: no driver offers a GPU.",
      path: 'backend',
      hint: driverHint(),
    })
  }
  return { gpu, facts }
}

function driverHint(): string {
  if (process.platform !== 'linux') return 'Update the driver of the graphics card, or use `--backend wasm`.'
  return 'It needs the Vulkan loader (`apt-get install libvulkan1`) and the driver of the graphics card; `vulkaninfo --summary` lists what there is. Or use `--backend wasm`.'
}
