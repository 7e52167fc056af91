import type { AdapterFacts, BackendSettings, OpenBackend } from '@mate-bench/backends'
import { BenchError } from '@mate-bench/schema'
import { rememberedCheck } from './remembered-check.ts'

/**
 * The backend, `deterministic` only where that is known. What WebGPU computes with is a driver that promises nothing: its
 * self-check must have seen the same bytes twice, on this very adapter.
 *
 * @throws BenchError `backend-unavailable` where its training steps come to wrong numbers
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
    if (again && verdict?.ok === false) throw wrong(name, verdict.reason)
  }
  return { ...backend, deterministic: false }
}

function wrong(name: string, reason: string): BenchError {
  return new BenchError({
    code: 'backend-unavailable',
    message: `Backend '${name}' loads, and does not train here: ${reason}.`,
    path: 'backend',
    hint: '`mate-bench doctor` shows which backends do. A newer driver may help.',
  })
}

function isSame(one: AdapterFacts | undefined, other: AdapterFacts): boolean {
  return (
    one?.vendor === other.vendor &&
    one.architecture === other.architecture &&
    one.device === other.device &&
    one.driver === other.driver
  )
}
