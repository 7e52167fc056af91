import { BenchError } from '@mate-bench/schema'
import * as tf from '@tensorflow/tfjs-core'
import type { OpenBackend } from '../backend.ts'
import { loadWasm } from '../load-wasm.ts'
import { type AdapterFacts, adapterFacts, adapterText } from '../webgpu/adapter.ts'
import type { Remedies } from '../webgpu/faults.ts'
import { startWebgpu } from '../webgpu/start.ts'
import type { Gpu, TfjsWebgpuModule } from '../webgpu/tfjs-webgpu.ts'

/** What a browser computes with, best first. */
export const browserBackendNames = ['webgpu', 'wasm'] as const

export type BrowserBackendName = (typeof browserBackendNames)[number]

/** The smallest module with an instruction of SIMD: `v128.const` and `drop`. */
const oneVector = Uint8Array.of(
  ...[
    0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00, 0x01, 0x04, 0x01, 0x60, 0x00, 0x00, 0x03, 0x02, 0x01,
    0x00,
  ],
  ...[0x0a, 0x17, 0x01, 0x15, 0x00, 0xfd, 0x0c, ...new Array(16).fill(0), 0x1a, 0x0b],
)

/** Opened once in the life of a page or worker. */
const opened = new Map<BrowserBackendName, Promise<OpenBackend>>()

/**
 * Makes a backend the current one in a browser, or in a worker of it, with the kernels that training uses everywhere.
 *
 * @param wasmBinary address of `tfjs-backend-wasm-simd.wasm`
 * @throws BenchError `backend-unavailable` for a browser without it
 */
export async function openInBrowser(name: BrowserBackendName, wasmBinary: string): Promise<OpenBackend> {
  const before = opened.get(name)
  const opening = before ?? (name === 'wasm' ? openWasm(wasmBinary) : openWebgpu())
  opened.set(name, opening)
  const backend = await opening
  if (before) await tf.setBackend(name)
  return backend
}

/** The GPU that WebGPU would compute with, of which nothing is opened yet; undefined where there is none. */
export async function findAdapter(): Promise<AdapterFacts | undefined> {
  const adapter = await gpuOfBrowser()?.requestAdapter({ powerPreference: 'high-performance' })
  return adapter ? adapterFacts(adapter.info) : undefined
}

function gpuOfBrowser(): Gpu | undefined {
  return (navigator as { readonly gpu?: Gpu }).gpu
}

async function openWasm(binary: string): Promise<OpenBackend> {
  if (typeof WebAssembly !== 'object' || !WebAssembly.validate(oneVector)) {
    throw unavailable('wasm', 'it has no WebAssembly with SIMD', 'A browser of 2023 or later has it.')
  }
  try {
    return { name: 'wasm', ...(await loadWasm(binary)) }
  } catch (thrown) {
    const { message } = thrown as { message?: string }
    throw unavailable('wasm', message ?? String(thrown), 'Reload the page to try again.')
  }
}

const remedies: Remedies = {
  lost: 'A driver that was updated or reset, a machine that slept, or too much memory does this. Compute with WebAssembly, or reload the page.',
  refused: 'Mostly it is memory: a smaller batch needs less. Or compute with WebAssembly.',
}

async function openWebgpu(): Promise<OpenBackend> {
  const gpu = gpuOfBrowser()
  const remedy = 'Take WebAssembly, or a browser and a driver that offer a GPU.'
  if (gpu === undefined) throw unavailable('webgpu', 'it has no WebGPU, or not at this address', remedy)
  // Its declarations ask for those of WebGPU, which the project has of its own as far as it needs them.
  const load = async () => (await import('@tensorflow/tfjs-backend-webgpu')) as unknown as TfjsWebgpuModule
  const adapter = await startWebgpu(gpu, load, remedies)
  if (adapter === undefined) throw unavailable('webgpu', 'no driver offers it a GPU', remedy)
  // tfjs' packages have one version.
  const version = tf.version_core
  return {
    name: 'webgpu',
    version,
    libraries: { '@tensorflow/tfjs-core': version, '@tensorflow/tfjs-backend-webgpu': version },
    threads: 1,
    settings: { threads: 1 },
    // A driver promises no order of sums.
    deterministic: false,
    gpu: adapterText(adapter),
    adapter,
  }
}

function unavailable(name: BrowserBackendName, reason: string, hint: string): BenchError {
  return new BenchError({
    code: 'backend-unavailable',
    message: `This browser can't compute with ${name}: ${reason}.`,
    path: 'backend',
    hint,
  })
}
