import * as tf from '@tensorflow/tfjs-core'
import type { LoadedBackend } from './backend.ts'
import { loadWasm } from './load-wasm.ts'
import { Compute } from './native/compute.ts'
import { libraryCandidates } from './native/find-library.ts'
import type { Isa } from './native/isa.ts'
import { type Foreign, openForeign, type SharedLibrary } from './native/onednn/foreign.ts'
import { Library } from './native/onednn/library.ts'
import { registerNativeKernels } from './native/register-kernels.ts'
import { TensorMemory } from './native/tensor-memory.ts'
import { completeWasm } from './wasm/complete.ts'

export interface NativeSettings {
  /** OpenMP threads of this process; 1 unless said otherwise. */
  readonly threads?: number | undefined
  /** Widest instruction set to use; the widest that the machine has unless said otherwise. */
  readonly isa?: Isa | undefined
}

/** Threads and instruction set are set once in a process, before oneDNN computes anything. */
let opened: { readonly library: Library; readonly foreign: Foreign } | undefined

async function open(settings: NativeSettings) {
  if (opened === undefined) {
    const foreign = await openForeign()
    const library = Library.open(loadLibrary(foreign), foreign, {
      threads: settings.threads ?? 1,
      isa: settings.isa,
    })
    opened = { library, foreign }
  }
  const { threads, isa } = opened.library
  if ((settings.threads ?? threads) !== threads || (settings.isa ?? isa) !== isa) {
    throw new Error(`oneDNN already computes with ${threads} thread(s) and ${isa} in this process`)
  }
  return opened
}

/** The first candidate that loads. */
function loadLibrary(foreign: Foreign): SharedLibrary {
  const failures: string[] = []
  for (const { path, before, origin } of libraryCandidates()) {
    try {
      for (const needed of before) foreign.load(needed)
      return foreign.load(path)
    } catch (thrown) {
      failures.push(`${origin}: ${thrown instanceof Error ? thrown.message : String(thrown)}`)
    }
  }
  throw new Error(`oneDNN was not found (${failures.join('; ')})`)
}

/**
 * Loads tfjs' WebAssembly backend and oneDNN, which computes in the same memory, and makes of both the backend `native`.
 *
 * Whatever oneDNN has no kernel for is computed as on `wasm`.
 *
 * @throws Error where koffi or oneDNN is missing, or can't be used as `settings` say
 */
export async function loadNative(settings: NativeSettings = {}): Promise<LoadedBackend> {
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
  }
}
