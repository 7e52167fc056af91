import * as tf from '@tensorflow/tfjs-core'
import type { LoadedBackend } from './backend.ts'

const wasmBuilds = ['', '-simd', '-threaded-simd'] as const

const crashEvents = ['uncaughtException', 'unhandledRejection'] as const

/**
 * Emscripten's start-up code installs process-wide handlers that rethrow any error with a page of minified
 * source. They are not its business: whatever `start` adds is taken away again.
 */
async function withoutCrashHandlers<T>(start: () => Promise<T>): Promise<T> {
  if (typeof process === 'undefined' || typeof process.rawListeners !== 'function') return start()
  const before = crashEvents.map((event) => [event, process.rawListeners(event)] as const)
  try {
    return await start()
  } finally {
    for (const [event, kept] of before) {
      for (const listener of process.rawListeners(event)) {
        if (!kept.includes(listener)) process.removeListener(event, listener as (...args: unknown[]) => void)
      }
    }
  }
}

/**
 * Loads tfjs' WebAssembly backend (XNNPACK) and adds the kernels that training needs.
 *
 * One thread, said explicitly: tfjs has no threads in Node anyway, in a browser they would bring a build whose
 * memory can't be shared with the project's own module, and sums that don't depend on a thread count are what
 * makes a run repeatable. Several runs use several processes instead.
 *
 * @param binary address of tfjs' module with SIMD; in Node its package has it
 */
export async function loadWasm(binary?: string): Promise<LoadedBackend> {
  const wasm = await import('@tensorflow/tfjs-backend-wasm')
  // tfjs asks for an address of each build, and takes the one with SIMD wherever the kernels below run.
  if (binary !== undefined) {
    wasm.setWasmPaths(
      Object.fromEntries(wasmBuilds.map((build) => [`tfjs-backend-wasm${build}.wasm`, binary])),
    )
  }
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false)
  wasm.setThreadsCount(1)
  const started = await withoutCrashHandlers(() => tf.setBackend('wasm'))
  if (!started) throw new Error('tfjs could not start its WebAssembly module')
  await tf.ready()
  const { completeWasm } = await import('./wasm/complete.ts')
  await completeWasm()
  return {
    version: wasm.version_wasm,
    libraries: {
      '@tensorflow/tfjs-core': tf.version_core,
      '@tensorflow/tfjs-backend-wasm': wasm.version_wasm,
    },
    threads: wasm.getThreadsCount(),
    settings: { threads: wasm.getThreadsCount() },
    deterministic: true,
  }
}
