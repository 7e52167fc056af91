import { type BrowserBackendName, findAdapter, openInBrowser } from '@mate-bench/backends/browser'
import { wasmBinary } from '@mate-bench/backends/wasm-binary'
import { relativeDistance, tolerance, trainSteps } from '@mate-bench/harness/few-steps'
import { benchErrorFromUnknown } from '@mate-bench/schema'

/** What a visitor asks for. */
export type BackendChoice = 'auto' | BrowserBackendName

/** What computes. Plain data: it goes from a worker to its page. */
export interface ChosenBackend {
  readonly name: BrowserBackendName
  /** `WebAssembly, one thread`; the adapter of WebGPU. */
  readonly what: string
  /** Why it is not WebGPU, where nobody asked for anything. */
  readonly why: string | undefined
}

/**
 * Opens a backend in this worker. `auto` takes WebGPU on a real GPU that comes to the same numbers as WebAssembly in a few training
 * steps, and WebAssembly otherwise.
 *
 * @throws BenchError `backend-unavailable`
 */
export async function chooseBackend(choice: BackendChoice): Promise<ChosenBackend> {
  if (choice !== 'auto') return await opened(choice)
  const adapter = await findAdapter().catch(() => undefined)
  if (adapter === undefined) return await opened('wasm', 'WebGPU is not available in this browser')
  if (adapter.software)
    return await opened('wasm', 'WebGPU in this browser runs on the processor, which is slower')
  const expected = await opened('wasm').then(trainSteps)
  try {
    const webgpu = await opened('webgpu')
    const distance = relativeDistance(await trainSteps(), expected)
    if (distance <= tolerance) return webgpu
    return await opened('wasm', 'WebGPU computes wrong numbers on this GPU')
  } catch (thrown) {
    return await opened('wasm', benchErrorFromUnknown(thrown).message)
  }
}

async function opened(name: BrowserBackendName, why?: string): Promise<ChosenBackend> {
  const { gpu } = await openInBrowser(name, wasmBinary.href)
  return { name, what: gpu === undefined ? 'WebAssembly, one thread' : `WebGPU, ${gpu}`, why }
}
