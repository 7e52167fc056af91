import { BenchError } from '@mate-bench/schema'
import * as tf from '@tensorflow/tfjs-core'
import type { LoadedBackend } from './backend.ts'
import { loadWasm } from './load-wasm.ts'
import { Compute } from './native/compute.ts'
import { findLibrary } from './native/find-library.ts'
import { type Foreign, openForeign, type SharedLibrary } from './native/onednn/foreign.ts'
import { Library } from './native/onednn/library.ts'
import { registerNativeKernels } from './native/register-kernels.ts'
import { TensorMemory } from './native/tensor-memory.ts'
import type { BackendSettings } from './settings.ts'
import { completeWasm } from './wasm/complete.ts'

/** oneDNN reads threads and instruction set once: it is opened once in the life of a process. */
let opened: { readonly library: Library; readonly foreign: Foreign } | undefined

async function open({ threads = 1, isa }: BackendSettings) {
  if (opened === undefined) {
    const foreign = await openForeign()
    const library = loadLibrary(foreign)
    // Elsewhere the system looks a function up in what a library is linked to as well.
    const openMp = process.platform === 'win32' ? loadVisualCpp(foreign) : library
    opened = { library: Library.open(library, openMp, foreign, { threads, isa }), foreign }
  }
  return opened
}

function loadVisualCpp(foreign: Foreign): SharedLibrary {
  try {
    return foreign.load('vcomp140.dll')
  } catch (thrown) {
    throw new BenchError({
      code: 'backend-unavailable',
      message: `Backend 'native' can't load vcomp140.dll: ${thrown instanceof Error ? thrown.message : String(thrown)}.`,
      path: 'vcomp140.dll',
      hint: "Install Microsoft's Visual C++ Redistributable for x64.",
    })
  }
}

function loadLibrary(foreign: Foreign): SharedLibrary {
  const found = findLibrary()
  if (found === undefined) throw new Error('oneDNN is not installed')
  // Read by OpenMP when it is loaded. Threads that wait for work in a loop take the core from other runs, and from each other.
  process.env.OMP_WAIT_POLICY ??= 'PASSIVE'
  try {
    for (const needed of found.before) foreign.load(needed)
    return foreign.load(found.path)
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown)
    throw new BenchError({
      code: 'backend-unavailable',
      message: `Backend 'native' can't load oneDNN (${found.origin}): ${reason}.`,
      path: found.path,
      hint: reason.includes('libgomp')
        ? "oneDNN needs GNU's OpenMP: `apt-get install libgomp1`, or `dnf install libgomp`."
        : 'Run `mate-bench engine add onednn`, or use `--backend wasm`.',
    })
  }
}

/**
 * Loads tfjs' WebAssembly backend and oneDNN, which computes in the same memory, and makes of both the backend `native`.
 *
 * Whatever oneDNN has no kernel for is computed as on `wasm`.
 *
 * @throws Error where koffi or oneDNN is missing, or can't be used as `settings` say
 */
export async function loadNative(settings: BackendSettings = {}): Promise<LoadedBackend> {
  const { library, foreign } = await open(settings)
  const wasm = await loadWasm()
  if (!('native' in tf.engine().registryFactory)) {
    const backend = tf.backend()
    const memory = new TensorMemory(await completeWasm(), foreign)
    // The one instance under two names: tensors of one are tensors of the other.
    tf.registerBackend('native', () => backend)
    tf.copyRegisteredKernels('wasm', 'native')
    registerNativeKernels(new Compute(library, memory, foreign))
  }
  await tf.setBackend('native')
  await tf.ready()
  return {
    version: library.version,
    libraries: { ...wasm.libraries, koffi: foreign.version, onednn: library.version },
    threads: library.threads,
    settings: {
      threads: library.threads,
      ...(library.isa === undefined ? {} : { isa: library.isa }),
    },
    deterministic: true,
  }
}
