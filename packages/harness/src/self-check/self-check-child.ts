import { type BackendName, type BackendSettings, openBackend } from '@mate-bench/backends'
import { benchErrorFromUnknown } from '@mate-bench/schema'
import { significant } from '@mate-bench/schema/numbers'
import { relativeDistance, tolerance, trainSteps } from './few-steps.ts'
import type { SelfCheck } from './self-check.ts'

export interface SelfCheckOrder {
  readonly backend: BackendName
  readonly settings: BackendSettings
}

/** The child's side: takes the order, checks, tells, ends. */
export function serveSelfCheck(): void {
  process.once('message', async ({ backend, settings }: SelfCheckOrder) => {
    const verdict = await check(backend, settings).catch((thrown: unknown): SelfCheck => {
      const { message, hint } = benchErrorFromUnknown(thrown)
      return { ok: false, reason: message, ...(hint === undefined ? {} : { hint }) }
    })
    process.send?.(verdict)
    process.disconnect()
  })
}

async function check(backend: BackendName, settings: BackendSettings): Promise<SelfCheck> {
  // First, since a backend that does not open needs no yardstick.
  await openBackend(backend, settings)
  await openBackend('cpu')
  const expected = await trainSteps()
  const { deterministic, adapter } = await openBackend(backend, settings)
  const found = await trainSteps()
  const again = await trainSteps()
  const largestError = relativeDistance(found, expected)
  // NaN is not within the tolerance either.
  if (!(largestError <= tolerance)) {
    return {
      ok: false,
      reason: `its training steps are off by ${significant(100 * largestError, 2)} % from those in plain JavaScript`,
    }
  }
  const sameBytes = Buffer.from(found.buffer).equals(Buffer.from(again.buffer))
  if (deterministic && !sameBytes) {
    return { ok: false, reason: 'its training steps give other bytes when they are taken again' }
  }
  return { ok: true, largestError, sameBytes, ...(adapter ? { adapter } : {}) }
}
