import { type BackendName, type BackendSettings, backendNames } from '@mate-bench/backends'
import { BenchError } from '@mate-bench/schema'
import { rememberedCheck } from './self-check/remembered-check.ts'

export type BackendChoice = BackendName | 'auto'

export interface ChosenBackend {
  readonly name: BackendName
  /** One sentence: why this backend and not a better one. */
  readonly reason: string
  /** Better backends that are installed here and were passed over, with why; empty where the backend was named. */
  readonly failing: readonly string[]
}

export interface ChooseOptions {
  readonly settings?: BackendSettings | undefined
  /** Told before a backend is tried for the first time on this machine, which takes some seconds. */
  readonly onChecking?: ((name: BackendName) => void) | undefined
}

/**
 * Which backend `auto` means here: the best that is installed and trains a few steps to the right numbers, never `cpu`.
 * A backend that merely loads is passed over, and so is WebGPU on a driver that computes on the processor. `wasm` belongs to the project and needs no check.
 */
export async function chooseBackend(
  choice: BackendChoice,
  { settings = {}, onChecking }: ChooseOptions = {},
): Promise<ChosenBackend> {
  if (choice !== 'auto') return { name: choice, reason: 'asked for by name', failing: [] }
  const passedOver: string[] = []
  const failing: string[] = []
  for (const name of backendNames) {
    if (name === 'cpu') continue
    const verdict =
      name === 'wasm'
        ? ({ ok: true } as const)
        : await rememberedCheck(name, { settings, onChecking: () => onChecking?.(name) })
    if (verdict?.ok && 'adapter' in verdict && verdict.adapter?.software) {
      passedOver.push(
        `${name}: there is no GPU but ${verdict.adapter.architecture}, which computes on the processor`,
      )
    } else if (verdict?.ok) {
      const why = passedOver.length === 0 ? '' : ` (${passedOver.join('; ')})`
      return { name, reason: `the best that trains here to the right numbers${why}`, failing }
    } else {
      const why = `${name}: ${verdict?.reason ?? 'not installed'}`
      passedOver.push(why)
      if (verdict) failing.push(why)
    }
  }
  throw new BenchError({
    code: 'backend-unavailable',
    message: 'No backend can train here.',
    path: 'backend',
  })
}
