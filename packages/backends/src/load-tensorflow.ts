import { createRequire } from 'node:module'
import { join } from 'node:path'
import util from 'node:util'
import { type InstalledEngine, installedEngine, tfjsSymbol } from '@mate-bench/engines'
import * as tf from '@tensorflow/tfjs-core'
import type { LoadedBackend } from './backend.ts'
import { findGpu } from './find-gpu.ts'
import type { BackendSettings } from './settings.ts'
import { completeTensorflow } from './tensorflow/complete.ts'
import { fixTensorflowSettings } from './tensorflow/settings.ts'

/** The little of tfjs-node's backend that is used here. */
interface TfjsNodeBackend {
  readonly isUsingGpuDevice?: unknown
  readonly binding?: { readonly TF_Version?: unknown }
}
type BackendClass = new (binding: unknown, packageName: string) => tf.KernelBackend

export type TensorflowPackage = '@tensorflow/tfjs-node' | '@tensorflow/tfjs-node-gpu'

/**
 * tfjs-node 4.22 calls `util.isNullOrUndefined` and `util.isArray`, which Node 23 removed. Putting the two
 * back is enough: it looks them up on the module object at each call.
 */
export function restoreRemovedUtilities(target: object = util): void {
  const missing: Record<string, (value: unknown) => boolean> = {
    isNullOrUndefined: (value) => value === null || value === undefined,
    isArray: Array.isArray,
  }
  for (const [name, test] of Object.entries(missing)) {
    if (!(name in target)) Object.defineProperty(target, name, { value: test, configurable: true })
  }
}

/**
 * tfjs-node brings tfjs' own table of derivatives along and would put it over the project's, which are the
 * ones that are tested: those that were registered before `load` are registered again after it.
 */
async function keepingGradients<T>(load: () => Promise<T>): Promise<T> {
  const kernelNames = Object.values<unknown>(tf).filter((value) => typeof value === 'string')
  const before = kernelNames.map((name) => tf.getGradient(name)).filter((gradient) => gradient !== undefined)
  const loaded = await load()
  for (const gradient of before) tf.registerGradient(gradient)
  return loaded
}

/** Registers the backend of an installed engine: tfjs-node's classes and kernels over the library beside them. */
function loadEngine(engine: InstalledEngine, packageName: TensorflowPackage): string {
  const version = engine.manifest.libraries[packageName] ?? tf.version_core
  if (tf.findBackendFactory('tensorflow')) return version
  Object.assign(globalThis, { [Symbol.for(tfjsSymbol)]: tf })
  const require = createRequire(join(engine.folder, 'tfjs-node', 'package.json'))
  const binding: unknown = require('../addon/tfjs_binding.node')
  require('./dist/register_all_kernels.js')
  const { NodeJSKernelBackend } = require('./dist/nodejs_kernel_backend.js') as {
    NodeJSKernelBackend: BackendClass
  }
  tf.registerBackend('tensorflow', () => new NodeJSKernelBackend(binding, packageName))
  return version
}

/** What somebody installed with npm, library and all. */
async function importPackage(packageName: TensorflowPackage): Promise<string> {
  const { version } = await keepingGradients(
    async () => (await import(packageName)) as { version: Readonly<Record<string, string>> },
  )
  return version['tfjs-node'] ?? tf.version_core
}

/**
 * Loads libtensorflow: of the engine that `mate-bench engine add` installed, else of the npm package.
 *
 * @throws Error where both are missing, or the native library or (for the GPU) the GPU is
 */
export async function loadTensorflow(
  packageName: TensorflowPackage,
  settings: BackendSettings = {},
): Promise<LoadedBackend> {
  restoreRemovedUtilities()
  const wantsGpu = packageName === '@tensorflow/tfjs-node-gpu'
  const fixed = fixTensorflowSettings(settings, wantsGpu)
  const engine = installedEngine(wantsGpu ? 'tensorflow-gpu' : 'tensorflow')
  const version = engine ? loadEngine(engine, packageName) : await importPackage(packageName)
  if (!(await tf.setBackend('tensorflow'))) throw new Error('libtensorflow did not start')
  await tf.ready()
  completeTensorflow()
  const backend = tf.backend() as unknown as TfjsNodeBackend
  if (wantsGpu && backend.isUsingGpuDevice !== true) {
    // Makes room for the CPU's, which registers itself under the same name.
    tf.removeBackend('tensorflow')
    throw new Error('the library loads but TensorFlow found no usable GPU')
  }
  const gpu = wantsGpu ? findGpu() : undefined
  return {
    version,
    libraries: {
      '@tensorflow/tfjs-core': tf.version_core,
      [packageName]: version,
      libtensorflow: String(backend.binding?.TF_Version ?? 'unknown'),
      ...(gpu?.driver === undefined ? {} : { 'nvidia-driver': gpu.driver }),
    },
    threads: fixed.threads,
    settings: { ...fixed },
    deterministic: fixed.deterministicOps !== false,
    ...(gpu === undefined ? {} : { gpu: gpu.name }),
  }
}
