import type { AdapterFacts, BackendSettings, OpenBackend } from '@mate-bench/backends'
import { rememberedCheck } from './remembered-check.ts'

/**
 * The backend, `deterministic` only where that is known. What WebGPU computes with is a driver that promises nothing: its
 * self-check must have seen the same bytes twice, on this very adapter.
 */
export async function confirmRepeats(
  backend: OpenBackend,
  settings: BackendSettings = {},
): Promise<OpenBackend> {
  const { adapter, name } = backend
  if (adapter === undefined) return backend
  for (const again of [false, true]) {
    const verdict = await rememberedCheck(name, { settings, again })
    if (verdict?.ok && isSame(verdict.adapter, adapter)) {
      return { ...backend, deterministic: verdict.sameBytes }
    }
  }
  return { ...backend, deterministic: false }
}

function isSame(one: AdapterFacts | undefined, other: AdapterFacts): boolean {
  return (
    one?.vendor === other.vendor &&
    one.architecture === other.architecture &&
    one.device === other.device &&
    one.driver === other.driver
  )
}
